using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// Tells the other nodes what this one's partitions have counted and stored, all of it in one message now and then, and
/// follows what they tell: a node ranks by all partitions, whoever holds them. Each change names the one that it
/// follows. Where one is missing, when a partition is not known yet, and once a minute in case the last one was lost,
/// the store is read. While that is away, what was known stands.
/// </summary>
internal sealed class CountersActor(
    PartitionServices services,
    ForeignCounters foreign,
    int partitions,
    IActorRef mediator
) : UntypedActor, IWithTimers
{
    private const string Topic = "counters";
    internal const int MaxBytes = 64 * 1024;
    private static readonly TimeSpan ReadEvery = TimeSpan.FromMinutes(1);
    private readonly List<PartitionCounted> _counted = [];
    private readonly Dictionary<int, Known> _known = [];
    private readonly SortedSet<int> _toRead = [];
    private bool _isReading;
    private bool _isAway;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(PartitionCounted));
        mediator.Tell(new Subscribe(Topic, Self));
        Timers.StartPeriodicTimer(nameof(Tick), Tick.It, services.Options.CountersInterval);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PartitionCounted counted:
                _counted.Add(counted);
                break;
            case NodeCounted { Partitions: var counted }:
                foreach (var (partition, change) in counted)
                    OnCounted(partition, change);
                break;
            case Tick:
                TellOthers();
                Look();
                break;
            case CountersRead read:
                OnRead(read);
                break;
            case ReadFailed failed:
                OnReadFailed(failed);
                break;
        }
    }

    /// <summary>What is too large to be sent is said to be in the store.</summary>
    private void TellOthers()
    {
        if (_counted.Count == 0)
            return;
        var fits = _counted.Sum(counted => counted.Change.Data.Length) <= MaxBytes;
        var told = new NodeCounted([.. _counted.Select(counted => fits ? counted : counted.WithoutData())]);
        mediator.Tell(new Publish(Topic, told));
        _counted.Clear();
    }

    private void OnCounted(int partition, CounterChange change)
    {
        if (services.Held.Find(partition) is not null)
            return;
        if (!_known.TryGetValue(partition, out var known) || !(change.Version > known.Counters?.Stored))
            return;
        if (change.Data.IsEmpty || !Follow(partition, known, [change]))
            _toRead.Add(partition);
        ReadNext();
    }

    /// <summary>A partition that is new here may be on its way to this node: it is read at the second sight.</summary>
    private void Look()
    {
        for (var partition = 0; partition < partitions; partition++)
            if (services.Held.Find(partition) is not null)
            {
                _known.Remove(partition);
                foreign.Remove(partition);
            }
            else if (!_known.TryGetValue(partition, out var known))
                _known.Add(partition, new Known());
            else if (known.ReadAt is not { } at || services.Time.GetElapsedTime(at) >= ReadEvery)
                _toRead.Add(partition);
        ReadNext();
    }

    private void ReadNext()
    {
        if (_isReading || _toRead.Count == 0)
            return;
        _isReading = true;
        var partition = _toRead.Min;
        _toRead.Remove(partition);
        ReadAsync(partition, _known.GetValueOrDefault(partition)?.Counters?.Stored ?? LogVersion.None)
            .PipeTo(Self, failure: e => new ReadFailed(partition, e));
    }

    private async Task<CountersRead> ReadAsync(int partition, LogVersion since) =>
        new(partition, since, await services.Store.LoadCountersAsync(partition, since, CancellationToken.None));

    private void OnRead(CountersRead read)
    {
        _isReading = false;
        if (_isAway)
            ActorsLog.CountersBack(services.Logger);
        _isAway = false;
        if (services.Held.Find(read.Partition) is null && _known.TryGetValue(read.Partition, out var known))
        {
            known.ReadAt = services.Time.GetTimestamp();
            if (read.Since == LogVersion.None)
                known.Counters = new PartitionCounters(services.Options.Baselines, services.Courses);
            var newer = read.Changes.Where(change => change.Version > known.Counters!.Stored).ToArray();
            if (!Follow(read.Partition, known, newer))
                OnGap(read, known);
        }
        ReadNext();
    }

    /// <summary>What was known is not what the store's changes follow: all of it is read.</summary>
    private void OnGap(CountersRead read, Known known)
    {
        if (read.Since == LogVersion.None)
        {
            OnUnusable(read.Partition, known, new InvalidDataException("the counters' changes have a gap"));
            return;
        }
        known.Counters = null;
        _toRead.Add(read.Partition);
    }

    /// <summary>Answers false when there is a gap.</summary>
    private bool Follow(int partition, Known known, IReadOnlyList<CounterChange> newer)
    {
        try
        {
            if (!known.Counters!.TryFollow(newer))
                return false;
            foreign.Keep(partition, known.Counters.Courses);
            known.IsUnusable = false;
        }
        catch (InvalidDataException e)
        {
            OnUnusable(partition, known, e);
        }
        return true;
    }

    private void OnReadFailed(ReadFailed failed)
    {
        _isReading = false;
        if (failed.Reason is StoreUnavailableException)
        {
            if (!_isAway)
                ActorsLog.CountersAway(services.Logger, failed.Reason.Message);
            _isAway = true;
            _toRead.Add(failed.Partition);
            return; // It is tried again at the next look.
        }
        if (_known.TryGetValue(failed.Partition, out var known))
            OnUnusable(failed.Partition, known, failed.Reason);
        ReadNext();
    }

    private void OnUnusable(int partition, Known known, Exception reason)
    {
        if (!known.IsUnusable)
            ActorsLog.CountersUnusable(services.Logger, partition, reason.Message);
        (known.IsUnusable, known.Counters, known.ReadAt) = (true, null, services.Time.GetTimestamp());
    }

    /// <summary>A partition of another node.</summary>
    private sealed class Known
    {
        public PartitionCounters? Counters { get; set; }

        public long? ReadAt { get; set; }

        public bool IsUnusable { get; set; }
    }

    private sealed record CountersRead(int Partition, LogVersion Since, IReadOnlyList<CounterChange> Changes);

    private sealed record ReadFailed(int Partition, Exception Reason);

    internal sealed record Tick
    {
        public static Tick It { get; } = new();
    }
}
