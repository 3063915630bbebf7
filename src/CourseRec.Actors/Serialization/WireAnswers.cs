using Akka.Actor;
using CourseRec.Actors.Partitions;
using CourseRec.Models.Interactions;
using MemoryPack;

namespace CourseRec.Actors.Serialization;

/// <summary><see cref="SessionView"/>, version 1.</summary>
[MemoryPackable]
internal readonly partial record struct WireSessionView(
    string User,
    int Partition,
    long Offset,
    long Version,
    long Applied,
    WireHistoryEntry[] History
) : IWire<SessionView, WireSessionView>
{
    public static WireSessionView Of(SessionView message) =>
        new(
            message.User,
            message.Partition,
            message.Offset,
            message.Version,
            message.Applied,
            [.. message.History.Select(WireHistoryEntry.Of)]
        );

    public SessionView ToMessage(IActorRefProvider actors) =>
        new(User, Partition, Offset, Version, Applied, [.. History.Select(entry => entry.ToEntry())]);
}

/// <summary><see cref="HistoryEntry"/>, version 1.</summary>
/// <param name="Course">The course's id.</param>
/// <param name="Type">The type's number, which the stored sessions have too.</param>
/// <param name="Time">Ticks, UTC.</param>
[MemoryPackable]
internal readonly partial record struct WireHistoryEntry(string Course, byte Type, long Time)
{
    public static WireHistoryEntry Of(HistoryEntry entry) => new(entry.Course, (byte)entry.Type, entry.Time.UtcTicks);

    public HistoryEntry ToEntry() => new(Course, (InteractionType)Type, new DateTimeOffset(Time, TimeSpan.Zero));
}

/// <summary><see cref="Watching"/>, version 1.</summary>
[MemoryPackable]
internal readonly partial record struct WireWatching : IWire<Watching, WireWatching>
{
    public static WireWatching Of(Watching message) => default;

    public Watching ToMessage(IActorRefProvider actors) => Watching.It;
}

/// <summary><see cref="Refusal"/>, version 1.</summary>
/// <param name="Why">The kind's number.</param>
/// <param name="Reason">The reason, for people.</param>
[MemoryPackable]
internal readonly partial record struct WireRefusal(byte Why, string Reason) : IWire<Refusal, WireRefusal>
{
    public static WireRefusal Of(Refusal message) => new((byte)message.Why, message.Reason);

    public Refusal ToMessage(IActorRefProvider actors) => new((RefusalKind)Why, Reason);
}

/// <summary><see cref="PartitionStarted"/>, version 1.</summary>
[MemoryPackable]
internal readonly partial record struct WirePartitionStarted(int Partition)
    : IWire<PartitionStarted, WirePartitionStarted>
{
    public static WirePartitionStarted Of(PartitionStarted message) => new(message.Partition);

    public PartitionStarted ToMessage(IActorRefProvider actors) => new(Partition);
}
