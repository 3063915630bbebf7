namespace CourseRec.Actors.Ports;

/// <summary>A log that passes everything on to another one; what is to be different is overridden.</summary>
public abstract class DelegatingLog : IInteractionLog
{
    /// <summary>The log that everything is passed on to.</summary>
    protected abstract IInteractionLog Inner { get; }

    /// <inheritdoc/>
    public LogIdentity Identity => Inner.Identity;

    /// <inheritdoc/>
    public LogAddress Address => Inner.Address;

    /// <inheritdoc/>
    public virtual ValueTask AppendAsync(IReadOnlyList<NewRecord> records, CancellationToken cancel) =>
        Inner.AppendAsync(records, cancel);

    /// <inheritdoc/>
    public virtual Task ConsumeAsync(ILogConsumer consumer, CancellationToken stop) =>
        Inner.ConsumeAsync(consumer, stop);

    /// <inheritdoc/>
    public ValueTask<OffsetRange> RangeAsync(int partition, CancellationToken cancel) =>
        Inner.RangeAsync(partition, cancel);

    /// <inheritdoc/>
    public ValueTask<long> FindOffsetAsync(int partition, long acceptedAt, CancellationToken cancel) =>
        Inner.FindOffsetAsync(partition, acceptedAt, cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<ReadOnlyMemory<LogRecord>> ReadAsync(int partition, long from, CancellationToken cancel) =>
        Inner.ReadAsync(partition, from, cancel);

    /// <inheritdoc/>
    public ValueTask CommitAsync(int partition, long next, CancellationToken cancel) =>
        Inner.CommitAsync(partition, next, cancel);

    /// <inheritdoc/>
    public virtual bool IsOwnershipProven(int partition) => Inner.IsOwnershipProven(partition);

    /// <inheritdoc/>
    public virtual ValueTask AppendDeadLettersAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancel) =>
        Inner.AppendDeadLettersAsync(letters, cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<DeadLetter> ReadDeadLettersAsync(CancellationToken cancel) =>
        Inner.ReadDeadLettersAsync(cancel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> CheckSettingsAsync(CancellationToken cancel) =>
        Inner.CheckSettingsAsync(cancel);

    /// <summary>Closes the other log, if this one is its owner.</summary>
    public abstract ValueTask DisposeAsync();
}
