using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Learning;

/// <summary>
/// The log of a host that reads it only to teach, in a consumer group of its own: ownership is never proven, so that nothing is served, and what
/// folding would append (forwards, dead letters) is left to the host that serves the partition.
/// </summary>
public sealed class ListeningLog(IInteractionLog inner) : IInteractionLog
{
    /// <inheritdoc/>
    public LogIdentity Identity => inner.Identity;

    /// <inheritdoc/>
    public ValueTask AppendAsync(IReadOnlyList<NewRecord> records, CancellationToken cancel) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public Task ConsumeAsync(ILogConsumer consumer, CancellationToken stop) => inner.ConsumeAsync(consumer, stop);

    /// <inheritdoc/>
    public ValueTask<OffsetRange> RangeAsync(int partition, CancellationToken cancel) =>
        inner.RangeAsync(partition, cancel);

    /// <inheritdoc/>
    public ValueTask<long> FindOffsetAsync(int partition, long acceptedAt, CancellationToken cancel) =>
        inner.FindOffsetAsync(partition, acceptedAt, cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<ReadOnlyMemory<LogRecord>> ReadAsync(int partition, long from, CancellationToken cancel) =>
        inner.ReadAsync(partition, from, cancel);

    /// <inheritdoc/>
    public ValueTask CommitAsync(int partition, long next, CancellationToken cancel) =>
        inner.CommitAsync(partition, next, cancel);

    /// <inheritdoc/>
    public bool IsOwnershipProven(int partition) => false;

    /// <inheritdoc/>
    public ValueTask AppendDeadLettersAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancel) =>
        ValueTask.CompletedTask;

    /// <inheritdoc/>
    public IAsyncEnumerable<DeadLetter> ReadDeadLettersAsync(CancellationToken cancel) =>
        inner.ReadDeadLettersAsync(cancel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> CheckSettingsAsync(CancellationToken cancel) =>
        inner.CheckSettingsAsync(cancel);

    /// <summary>Leaves the log open: it is somebody else's.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
