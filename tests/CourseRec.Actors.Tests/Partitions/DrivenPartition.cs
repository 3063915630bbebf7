using Akka.Actor;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Learning;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using static CourseRec.Actors.Tests.Sessions.SessionFactory;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>
/// A partition's actor by itself: the test is the log's reader and whoever asks, in one, so that it sees in which order
/// it is told what. Nothing is stored for time's sake before the clock is moved on.
/// </summary>
internal sealed class DrivenPartition : IAsyncDisposable
{
    private readonly TestKit _test;
    private int _taken;

    private DrivenPartition(TestKit test, PartitionParts parts)
    {
        (_test, Parts) = (test, parts);
        var (services, progress) = (parts.Shared, Progress);
        var counters = new PartitionCounters(parts.Options.Baselines, parts.Courses);
        Actor = test.Sys.ActorOf(Props.Create(() => new PartitionActor(services, 0, 1, counters, progress)));
    }

    public PartitionParts Parts { get; }

    public HeldStore Store => Parts.Store;

    public PartitionProgress Progress { get; } = new(0);

    public IActorRef Actor { get; }

    /// <summary>The actors of its users.</summary>
    public ActorSelection Users => _test.Sys.ActorSelection(Actor.Path / "*");

    /// <summary>Makes it; it is not restored.</summary>
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

    /// <summary>Makes it and restores it: nothing is stored, and the log is empty.</summary>
    public static async Task<DrivenPartition> StartAsync(
        TestKit test,
        SessionHostOptions? options = null,
        IExampleSink? examples = null
    )
    {
        var partition = await MakeAsync(test, options, examples);
        partition.Tell(new Restore(new OffsetRange(0, 0)));
        Assert.Equal(0, (await test.ExpectMsgAsync<Restored>()).From);
        return partition;
    }

    public void Tell(object message) => Actor.Tell(message, _test.TestActor);

    /// <summary>Hands records over, each "user course".</summary>
    public void Take(params string[] records) =>
        Tell(new TakeRecords(records.Select(record => Record(_taken++, record.Split(' '))).ToArray()));

    /// <summary>Hands records over, each "user course"; there is room for more.</summary>
    public async Task TakeAsync(params string[] records)
    {
        Take(records);
        await _test.ExpectMsgAsync<Taken>();
    }

    /// <summary>Lets as much time pass as there is between two flushes.</summary>
    public void Tick()
    {
        Parts.Time.Advance(Parts.Options.FlushInterval);
        Tell(new Tick(_taken));
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
    public async Task RefusesAsync(string reason)
    {
        Tell(new GetSession("u1"));
        await FailsAsync<NotOwnedException>(reason);
    }

    /// <summary>The next thing that it tells is this failure.</summary>
    public async Task FailsAsync<T>(string message)
        where T : Exception =>
        Assert.Equal(message, Assert.IsType<T>((await _test.ExpectMsgAsync<Status.Failure>()).Cause).Message);

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
