namespace CourseRec.Actors.Partitions;

/// <summary>A partition's state, as its actor leaves it for whoever looks from outside.</summary>
/// <param name="partition">The partition.</param>
internal sealed class PartitionProgress(int partition)
{
    private long _end;
    private long _applied;
    private long _stored;
    private long _caughtUpAt = long.MaxValue;
    private volatile string? _problem;
    private volatile string? _waitsFor;
    private volatile int _resident;
    private volatile int _watched;
    private volatile int _parked;

    /// <summary>One past the log's last record, as last seen.</summary>
    public long End
    {
        get => Volatile.Read(ref _end);
        set => Volatile.Write(ref _end, value);
    }

    /// <summary>One past the last record folded.</summary>
    public long Applied
    {
        get => Volatile.Read(ref _applied);
        set => Volatile.Write(ref _applied, value);
    }

    /// <summary>One past the last record stored.</summary>
    public long Stored
    {
        get => Volatile.Read(ref _stored);
        set => Volatile.Write(ref _stored, value);
    }

    /// <summary>Where the log ended when the partition was restored.</summary>
    public long CaughtUpAt
    {
        get => Volatile.Read(ref _caughtUpAt);
        set => Volatile.Write(ref _caughtUpAt, value);
    }

    /// <summary>Why the partition stopped; null when it did not.</summary>
    public string? Problem
    {
        get => _problem;
        set => _problem = value;
    }

    /// <summary>What it waits for; null when it does not.</summary>
    public string? WaitsFor
    {
        get => _waitsFor;
        set => _waitsFor = value;
    }

    /// <summary>The partition is restored.</summary>
    public void Begin(RestoredPartition restored)
    {
        (End, CaughtUpAt, Applied) = (restored.Range.End, restored.Range.End, restored.From);
        Stored =
            restored.Checkpoint is { } checkpoint && checkpoint.Version.Generation == restored.Generation
                ? checkpoint.Version.Offset + 1
                : restored.Range.First;
    }

    /// <summary>Sets how many sessions are in memory, are watched and are parked.</summary>
    public void Count(int resident, int watched, int parked) =>
        (_resident, _watched, _parked) = (resident, watched, parked);

    /// <summary>The state now.</summary>
    public PartitionStatus Status =>
        new(
            partition,
            Problem is not null ? PartitionState.Stopped
                : WaitsFor is not null ? PartitionState.Waiting
                : Applied < CaughtUpAt ? PartitionState.CatchingUp
                : PartitionState.Running,
            End,
            Applied,
            Stored,
            _resident,
            _watched,
            _parked,
            Problem ?? WaitsFor
        );
}
