namespace CourseRec.Actors.Ports;

/// <summary>
/// The interaction log: partitioned, ordered within a partition, durable on acknowledgement. Embedded (one SQLite
/// file) or Kafka; both keep one contract suite. The log decides which partitions this process consumes, and is the
/// only membership, failure detector and shard coordinator there is.
/// </summary>
public interface IInteractionLog : IAsyncDisposable
{
    /// <summary>Which log this is. A log that was deleted and made anew has another identity.</summary>
    LogIdentity Identity { get; }

    /// <summary>What it is, to whoever observes it from outside.</summary>
    LogAddress Address { get; }

    /// <summary>
    /// Appends records; completes when all of them are durable. Records of one call and one partition keep their
    /// order. When it throws, some of them may be in the log: the caller may send them again, sessions know their ids.
    /// </summary>
    /// <exception cref="LogBusyException">Too much is waiting to be written; try again later (HTTP 429).</exception>
    /// <exception cref="LogUnavailableException">The log can't be written now, as with a full disk (HTTP
    /// 503).</exception>
    ValueTask AppendAsync(IReadOnlyList<NewRecord> records, CancellationToken cancel);

    /// <summary>
    /// Delivers the partitions that this process owns until <paramref name="stop"/> is cancelled; then every owned
    /// partition is released as <see cref="ReleaseReason.Revoked"/> and the task completes.
    /// </summary>
    Task ConsumeAsync(ILogConsumer consumer, CancellationToken stop);

    /// <summary>The offsets that the partition holds now.</summary>
    ValueTask<OffsetRange> RangeAsync(int partition, CancellationToken cancel);

    /// <summary>
    /// The first offset whose record was accepted at or after a time (Unix milliseconds); the end when there is none.
    /// </summary>
    ValueTask<long> FindOffsetAsync(int partition, long acceptedAt, CancellationToken cancel);

    /// <summary>
    /// Reads from an offset (or the first one that is left) to the end that the log has when reading begins.
    /// </summary>
    IAsyncEnumerable<ReadOnlyMemory<LogRecord>> ReadAsync(int partition, long from, CancellationToken cancel);

    /// <summary>
    /// Says that everything below an offset is stored. For lag displays and retention only: where to resume is the
    /// session store's business.
    /// </summary>
    ValueTask CommitAsync(int partition, long next, CancellationToken cancel);

    /// <summary>
    /// Whether this process may serve reads and pushes for the partition: it is assigned, and that was confirmed
    /// within half a session time-out.
    /// </summary>
    bool IsOwnershipProven(int partition);

    /// <summary>Puts records that can't be folded aside, with the reason and their original bytes.</summary>
    ValueTask AppendDeadLettersAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancel);

    /// <summary>Reads the dead letters, oldest first.</summary>
    IAsyncEnumerable<DeadLetter> ReadDeadLettersAsync(CancellationToken cancel);

    /// <summary>Compares the log's settings with what production needs; one sentence a finding.</summary>
    ValueTask<IReadOnlyList<string>> CheckSettingsAsync(CancellationToken cancel);
}

/// <summary>What the log delivers to. Calls for one partition never overlap; partitions may run side by side.</summary>
public interface ILogConsumer
{
    /// <summary>The partition is this process's now. Answers the offset to deliver from.</summary>
    /// <exception cref="PartitionStoppedException">The partition must not be consumed; it stays assigned and
    /// still.</exception>
    ValueTask<long> OnAssignedAsync(int partition, OffsetRange range, CancellationToken cancel);

    /// <summary>
    /// The next records, in order. While the answer is pending, the partition is paused. Records and their bytes
    /// are immutable and stay valid.
    /// </summary>
    /// <exception cref="PartitionStoppedException">The partition must not be consumed further.</exception>
    ValueTask OnRecordsAsync(int partition, ReadOnlyMemory<LogRecord> records, CancellationToken cancel);

    /// <summary>
    /// The partition is not this process's any more. When cancelled, others can't wait longer: what is not stored yet
    /// is discarded.
    /// </summary>
    ValueTask OnReleasedAsync(int partition, ReleaseReason reason, CancellationToken cancel);
}

/// <summary>Why a partition was released.</summary>
public enum ReleaseReason
{
    /// <summary>In good order: what was read may still be stored and committed before the call completes.</summary>
    Revoked,

    /// <summary>Another process may own it already: nothing may be stored or committed any more.</summary>
    Lost,
}

/// <summary>Identifies one life of a log.</summary>
/// <param name="Id">Unique to this log; made when it was made.</param>
/// <param name="Partitions">Its partition count, which never changes within this life.</param>
public sealed record LogIdentity(string Id, int Partitions);

/// <summary>A log as traces and metrics name it, by OpenTelemetry's conventions for messaging.</summary>
/// <param name="System">The messaging system: <c>kafka</c>, or <c>courserec</c> for the embedded log.</param>
/// <param name="Destination">The topic.</param>
public sealed record LogAddress(string System, string Destination);

/// <summary>Offsets held: [First, End). Empty when equal.</summary>
public readonly record struct OffsetRange(long First, long End);

/// <summary>A record to append. Its bytes are copied before the append completes.</summary>
/// <param name="Partition">The partition, from <see cref="Partitioner"/>.</param>
/// <param name="AcceptedAt">Unix milliseconds.</param>
/// <param name="Key">The user, UTF-8.</param>
/// <param name="Value">The interaction, JSON.</param>
public readonly record struct NewRecord(
    int Partition,
    long AcceptedAt,
    ReadOnlyMemory<byte> Key,
    ReadOnlyMemory<byte> Value
);

/// <summary>A record of the log.</summary>
/// <param name="Offset">Its place in the partition.</param>
/// <param name="AcceptedAt">When it was accepted, Unix milliseconds.</param>
/// <param name="Value">The interaction, JSON.</param>
public readonly record struct LogRecord(long Offset, long AcceptedAt, ReadOnlyMemory<byte> Value);

/// <summary>A record that could not be folded.</summary>
/// <param name="Partition">Where it came from.</param>
/// <param name="Offset">Its offset there.</param>
/// <param name="AcceptedAt">When it was accepted, Unix milliseconds.</param>
/// <param name="Reason">What was wrong with it.</param>
/// <param name="Value">Its bytes, unchanged.</param>
public sealed record DeadLetter(int Partition, long Offset, long AcceptedAt, string Reason, ReadOnlyMemory<byte> Value);

/// <summary>The log has too much to write already.</summary>
public sealed class LogBusyException(string message) : Exception(message);

/// <summary>The log can't be written or read now; the message says why and what to do.</summary>
public sealed class LogUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// A partition stopped, because going on could lose or double events. The message says what was found and what to do.
/// </summary>
public sealed class PartitionStoppedException(string message, Exception? inner = null) : Exception(message, inner);
