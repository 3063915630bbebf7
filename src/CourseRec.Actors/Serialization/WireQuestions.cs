using Akka.Actor;
using CourseRec.Actors.Partitions;
using MemoryPack;
using static Akka.Serialization.Serialization;

namespace CourseRec.Actors.Serialization;

/// <summary><see cref="Wake"/>, version 1.</summary>
[MemoryPackable]
internal readonly partial record struct WireWake(int Partition) : IWire<Wake, WireWake>
{
    public static WireWake Of(Wake message) => new(message.Partition);

    public Wake ToMessage(IActorRefProvider actors) => new(Partition);
}

/// <summary><see cref="GetSession"/>, version 1.</summary>
[MemoryPackable]
internal readonly partial record struct WireGetSession(string User, long After) : IWire<GetSession, WireGetSession>
{
    public static WireGetSession Of(GetSession message) => new(message.User, message.After.Value);

    public GetSession ToMessage(IActorRefProvider actors) => new(User, new LogVersion(After));
}

/// <summary><see cref="Recommend"/>, version 1.</summary>
[MemoryPackable]
internal readonly partial record struct WireRecommend(string User, int Count, long After)
    : IWire<Recommend, WireRecommend>
{
    public static WireRecommend Of(Recommend message) => new(message.User, message.Count, message.After.Value);

    public Recommend ToMessage(IActorRefProvider actors) => new(User, Count, new LogVersion(After));
}

/// <summary><see cref="StartWatch"/>, version 1.</summary>
/// <param name="User">The user.</param>
/// <param name="Watcher">The watcher's path, with its node's address.</param>
/// <param name="Count">How many courses the watcher wants.</param>
/// <param name="Seen">The list that the watcher has.</param>
[MemoryPackable]
internal readonly partial record struct WireStartWatch(string User, string Watcher, int Count, WireListMark Seen)
    : IWire<StartWatch, WireStartWatch>
{
    public static WireStartWatch Of(StartWatch message) =>
        new(
            message.User,
            SerializedActorPath(message.Watch.Watcher),
            message.Watch.Count,
            WireListMark.Of(message.Seen)
        );

    public StartWatch ToMessage(IActorRefProvider actors) =>
        new(User, new Watch(actors.ResolveActorRef(Watcher), Count), Seen.ToMark());
}

/// <summary><see cref="EndWatch"/>, version 1.</summary>
/// <param name="User">The user.</param>
/// <param name="Watcher">The watcher's path, with its node's address.</param>
[MemoryPackable]
internal readonly partial record struct WireEndWatch(string User, string Watcher) : IWire<EndWatch, WireEndWatch>
{
    public static WireEndWatch Of(EndWatch message) => new(message.User, SerializedActorPath(message.Watcher));

    public EndWatch ToMessage(IActorRefProvider actors) => new(User, actors.ResolveActorRef(Watcher));
}

/// <summary><see cref="ListMark"/>, version 1.</summary>
[MemoryPackable]
internal readonly partial record struct WireListMark(long Version, string Model, long Number)
{
    public static WireListMark Of(ListMark mark) => new(mark.Version.Value, mark.Model, mark.Number);

    public ListMark ToMark() => new(new LogVersion(Version), Model, Number);
}
