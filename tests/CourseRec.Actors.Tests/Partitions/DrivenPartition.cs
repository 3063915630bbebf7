using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Learning;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using static CourseRec.Actors.Tests.Sessions.SessionFactory;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>
/// A partition's actor by itself: the test brings it its records, as the log's stream does, and asks. The log stays
/// empty. Nothing happens for time's sake before the test moves the clock on.
/// </summary>
internal sealed class DrivenPartition : IAsyncDisposable
{
    private readonly TestKit _test;
    private int _taken;

    private DrivenPartition(TestKit test, PartitionParts parts) =>
        (_test, Parts, Feeder) = (test, parts, test.CreateTestProbe());

    public PartitionParts Parts { get; }

    public HeldStore Store => Parts.Store;

    /// <summary>In the stream's place: is told when there is room.</summary>
    public TestProbe Feeder { get; }

    public IActorRef Actor { get; private set; } = ActorRefs.Nobody;

    public PartitionProgress Progress { get; private set; } = new(0);

    /// <summary>The actors of its users, which have no names of their own.</summary>
    public ActorSelection Users => _test.Sys.ActorSelection(Actor.Path / "$*");

    /// <summary>Makes everything that it needs.</summary>
    public static async Task<DrivenPartition> MakeAsync(
        TestKit test,
        SessionHostOptions? options = null,
        IExampleSink? examples = null
    )
    {
        var parts = new PartitionParts(options, examples);
        await parts.PinAsync();
        return new DrivenPartition(test, parts);
    }

    /// <summary>Makes it, and it is restored: nothing is stored, and the log is empty.</summary>
    public static async Task<DrivenPartition> StartAsync(
        TestKit test,
        SessionHostOptions? options = null,
        IExampleSink? examples = null
    )
    {
        var partition = await MakeAsync(test, options, examples);
        partition.Begin();
        Assert.Equal(new PartitionStarted(0), await test.ExpectMsgAsync<PartitionStarted>());
        partition.Progress = partition.Parts.Shared.Held.Find(0)!.Progress;
        return partition;
    }

    /// <summary>Starts the actor; it is not restored yet.</summary>
    public void Begin()
    {
        var (services, test) = (Parts.Shared, _test.TestActor);
        Actor = _test.Sys.ActorOf(PartitionActor.Props(services, 0, started => test.Tell(started)));
        _test.Watch(Actor);
    }

    public void Tell(object message) => Actor.Tell(message, _test.TestActor);

    /// <summary>Hands records over, each "user course".</summary>
    public void Take(params string[] records)
    {
        ReadOnlyMemory<LogRecord> taken = records.Select(record => Record(_taken++, record.Split(' '))).ToArray();
        Actor.Tell(taken, Feeder);
    }

    /// <summary>Hands records over, each "user course"; there is room for more.</summary>
    public async Task TakeAsync(params string[] records)
    {
        Take(records);
        await HasRoomAsync();
    }

    public async Task HasRoomAsync() => await Feeder.ExpectMsgAsync<StreamGoesOn>();

    /// <summary>Lets as much time pass as there is between two flushes.</summary>
    public void Tick() => Tick(Parts.Options.FlushInterval);

    /// <summary>Lets time pass.</summary>
    public void Tick(TimeSpan time)
    {
        Parts.Time.Advance(time);
        Tell(PartitionActor.Tick.It);
    }

    /// <summary>
    /// A user's session with all that was sent to the user's actor before. What the test sends next comes after the
    /// actor's answers to that; the partition has told the test nothing else meanwhile.
    /// </summary>
    public async Task<SessionView> SeenAsync(string user)
    {
        Tell(new GetSession(user));
        await _test.ExpectMsgAsync<SessionView>();
        Tell(new GetSession(user));
        return await _test.ExpectMsgAsync<SessionView>();
    }

    /// <summary>Questions are refused, and it has told the test nothing else until then.</summary>
    public async Task RefusesAsync(RefusalKind kind, string reason)
    {
        Tell(new GetSession("u1"));
        Assert.Equal(new Refusal(kind, reason), await _test.ExpectMsgAsync<Refusal>());
    }

    /// <summary>It has ended, without another word to the test.</summary>
    public async Task EndsAsync()
    {
        await _test.ExpectTerminatedAsync(Actor);
        Assert.Null(Parts.Shared.Held.Find(0));
    }

    public Task AppliedAsync(long offset) =>
        Eventually.HoldsAsync(() => Progress.Applied == offset, () => Progress.Status);

    public Task StoredAsync(long offset) =>
        Eventually.HoldsAsync(() => Progress.Stored == offset, () => Progress.Status);

    public async ValueTask DisposeAsync()
    {
        await _test.Sys.Terminate();
        await Parts.DisposeAsync();
    }

    private static LogRecord Record(int offset, string[] record) =>
        new(offset, Start + offset, new TestEvent($"e{offset}", record[0], record[1], Seconds: offset).ToJson());
}
