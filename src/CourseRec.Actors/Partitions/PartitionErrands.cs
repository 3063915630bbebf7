using Akka.Actor;
using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// What a partition has under way with the store and the log: one of a kind at a time. The partition is told what comes
/// of each, or <see cref="Failed"/>.
/// </summary>
internal sealed class PartitionErrands(
    PartitionServices services,
    PartitionStore store,
    IActorRef partition,
    CancellationToken abandoned
)
{
    private bool _isLooking;
    private long _flushedAt;

    /// <summary>Whether users are looked up.</summary>
    public bool IsLoading { get; private set; }

    /// <summary>Whether something is being stored.</summary>
    public bool IsFlushing { get; private set; }

    /// <summary>Whether the last flush was long enough ago.</summary>
    public bool IsTimeToFlush => services.Time.GetElapsedTime(_flushedAt) >= services.Options.FlushInterval;

    /// <summary>Looks users up.</summary>
    public void Load(IReadOnlyList<SessionCell> cells)
    {
        IsLoading = true;
        store
            .LoadAsync([.. cells.Select(cell => cell.User)], abandoned)
            .PipeTo(partition, success: stored => new Loaded(cells, stored), failure: e => new Failed(e));
    }

    /// <summary>Stores what there is to store.</summary>
    public void Flush(PendingFlush? pending)
    {
        _flushedAt = services.Time.GetTimestamp();
        if (pending is not { } flush)
            return;
        IsFlushing = true;
        Task.Run(() => store.FlushAsync(flush, abandoned))
            .PipeTo(partition, success: () => new Flushed(flush), failure: e => new Failed(e));
    }

    /// <summary>Looks where the log ends, unless it does so already.</summary>
    public void Look()
    {
        if (_isLooking)
            return;
        _isLooking = true;
        store.EndAsync(abandoned).PipeTo(partition, success: end => new Looked(end), failure: e => new Failed(e));
    }

    /// <summary>The partition has been told.</summary>
    public void End(Loaded _) => IsLoading = false;

    /// <inheritdoc cref="End(Loaded)"/>
    public void End(Flushed _) => IsFlushing = false;

    /// <inheritdoc cref="End(Loaded)"/>
    public void End(Looked _) => _isLooking = false;
}

/// <summary>Users were looked up.</summary>
internal sealed record Loaded(IReadOnlyList<SessionCell> Cells, StoredSession?[] Stored);

/// <summary>It is stored.</summary>
internal sealed record Flushed(PendingFlush Flush);

/// <summary>One past the log's last record; null when the log is away.</summary>
internal sealed record Looked(long? End);
