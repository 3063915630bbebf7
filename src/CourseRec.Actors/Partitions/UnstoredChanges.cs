using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// What a partition changed since it was last handed to the store. It grows by whole batches in the log's order, so
/// that the checkpoint is a contiguous watermark.
/// </summary>
internal sealed class UnstoredChanges(UserServices services)
{
    private const int MaxSources = 100;
    private static readonly TimeSpan SayMisroutedEvery = TimeSpan.FromMinutes(1);
    private readonly UserSession _session = new(services.Shared.Options.Rules);
    private readonly SessionCodec _codec = new(services.Shared.Options.Rules, services.Shared.Courses)
    {
        Format = services.Format,
    };
    private readonly Dictionary<string, int> _misrouted = [];
    private readonly List<NewRecord> _forwards = [];
    private readonly List<DeadLetter> _dead = [];
    private List<SessionCell> _cells = [];
    private RecordBatch? _last;
    private long _saidMisroutedAt;

    /// <summary>Records whose effects are not stored.</summary>
    public int Records { get; private set; }

    /// <summary>Where the partition is after the last flush that was taken; null before the first one.</summary>
    public Checkpoint? Checkpoint { get; set; }

    /// <summary>Adds what folding a user's records came to.</summary>
    public void Add(SessionCell cell, Applied change)
    {
        if (!change.IsToStore)
            return;
        if (cell.Active.Changes is null)
        {
            cell.Active.Changes = new CellChanges();
            _cells.Add(cell);
        }
        cell.Active.Changes.Add(change);
    }

    /// <summary>Adds a whole batch, after its users' changes.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="dead">Records of parked users.</param>
    public void Add(RecordBatch batch, IEnumerable<DeadLetter> dead)
    {
        Records += batch.Count;
        _last = batch;
        _forwards.AddRange(batch.ToForward);
        _dead.AddRange(batch.Dead.Concat(dead).OrderBy(letter => letter.Offset));
        foreach (var source in batch.Misrouted)
        {
            if (_misrouted.Count < MaxSources || _misrouted.ContainsKey(source))
                _misrouted[source] = _misrouted.GetValueOrDefault(source) + 1;
        }
    }

    /// <summary>Takes everything for a flush; null when nothing changed.</summary>
    public PendingFlush? Take(PartitionCounters counters, ParkedUsers parked)
    {
        var isAhead = _last is { } last && last.Last > (Checkpoint?.Version ?? LogVersion.None);
        var hasCheckpoint = Checkpoint?.Version.Generation == services.Generation;
        Records = 0;
        if (!isAhead && _cells.Count == 0 && !(hasCheckpoint && parked.IsChanged))
            return null;
        if (isAhead)
            Checkpoint = new Checkpoint(_last!.Last, _last.LastEventId, _last.AcceptedAt);
        var (cells, sessions) = (_cells, _cells.ConvertAll(Capture));
        var flush = new PartitionFlush(services.Partition, Checkpoint!, counters.TakeChange(), sessions)
        {
            Parkings = parked.Take(),
        };
        var pending = new PendingFlush(flush, cells, [.. _forwards], [.. _dead]);
        (_cells, _last) = ([], null);
        _forwards.Clear();
        _dead.Clear();
        SayMisrouted();
        return pending;
    }

    private SessionWrite Capture(SessionCell cell)
    {
        cell.Unpack(services.Shared.Options.Rules, _session);
        var changes = cell.Active.Changes!;
        (cell.Active.Changes, cell.Active.IsStoring) = (null, true);
        var isOnlyErased = _session.Applied == 0 && changes.Erasure is not null;
        return new SessionWrite(
            cell.User,
            cell.Version,
            isOnlyErased ? ReadOnlyMemory<byte>.Empty : _codec.Encode(cell.User, _session),
            changes.Interactions ?? [],
            changes.Erasure
        );
    }

    private void SayMisrouted()
    {
        var time = services.Shared.Time;
        var isDue = _saidMisroutedAt == 0 || time.GetElapsedTime(_saidMisroutedAt) >= SayMisroutedEvery;
        if (_misrouted.Count == 0 || !isDue)
            return;
        _saidMisroutedAt = time.GetTimestamp();
        var sources = string.Join(", ", _misrouted.Select(source => $"{source.Value} of {source.Key}"));
        ActorsLog.Misrouted(services.Shared.Logger, services.Partition, sources);
        _misrouted.Clear();
    }
}
