using Akka;
using Akka.Streams.Dsl;

namespace CourseRec.Actors.Ports;

/// <summary>
/// The interaction log: partitioned, ordered within a partition, durable on acknowledgement. Embedded (one SQLite
/// file) or Kafka; both keep one contract suite. Who reads which partition is not the log's business: the shard region
/// decides.
/// <para>Until <see cref="OpenedAsync"/> completes, every other member throws
/// <see cref="LogUnavailableException"/>.</para>
/// </summary>
public interface IInteractionLog : ILogWriter, IPartitionReader, IDeadLetters, IAsyncDisposable
{
    /// <summary>Which log this is. A log that was deleted and made anew has another identity.</summary>
    LogIdentity Identity { get; }

    /// <summary>What it is, to whoever observes it from outside.</summary>
    LogAddress Address { get; }

    /// <summary>Why it can't be used yet; null when it is open.</summary>
    string? Problem { get; }

    /// <summary>Completes when the log can be used; throws what opening it came to.</summary>
    Task OpenedAsync(CancellationToken cancel);

    /// <summary>Compares the log's settings with what production needs; one sentence a finding.</summary>
    ValueTask<IReadOnlyList<string>> CheckSettingsAsync(CancellationToken cancel);
}

/// <summary>Writes interactions.</summary>
public interface ILogWriter
{
    /// <summary>
    /// Appends records; completes when all of them are durable, with the end of every partition that it wrote to: one
    /// past an offset at or after its last record there. Records of one call and one partition keep their order. When
    /// it throws, some of them may be in the log: the caller may send them again, sessions know their ids.
    /// </summary>
    /// <exception cref="LogBusyException">Too much is waiting to be written; try again later (HTTP 429).</exception>
    /// <exception cref="LogUnavailableException">The log can't be written now, as with a full disk (HTTP
    /// 503).</exception>
    ValueTask<IReadOnlyList<PartitionEnd>> AppendAsync(IReadOnlyList<NewRecord> records, CancellationToken cancel);
}

/// <summary>Reads single partitions.</summary>
public interface IPartitionReader
{
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
    /// Reads from an offset and goes on as records arrive: in order, as fast as there is demand, at most
    /// <see cref="MaxBatch"/> records at once. Records and their bytes are immutable and stay valid. A log that is away
    /// is waited for. Fails with <see cref="PartitionStoppedException"/> when going on can't be right: the offset is
    /// outside the log, records are damaged or gone, the log is another one now. A partition has one such reader a
    /// process.
    /// </summary>
    Source<ReadOnlyMemory<LogRecord>, NotUsed> Follow(int partition, long from);

    /// <summary>
    /// Says that everything below an offset is stored. For lag displays and retention only: where to go on is the
    /// session store's business. Never waits for the log, and what does not work is tried again with the next.
    /// </summary>
    void Commit(int partition, long next);

    /// <summary>The most records at once.</summary>
    const int MaxBatch = 512;
}

/// <summary>Records that could not be folded.</summary>
public interface IDeadLetters
{
    /// <summary>Puts records that can't be folded aside, with the reason and their original bytes.</summary>
    ValueTask AppendDeadLettersAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancel);

    /// <summary>Reads the dead letters, oldest first.</summary>
    IAsyncEnumerable<DeadLetter> ReadDeadLettersAsync(CancellationToken cancel);
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

/// <summary>Where a partition ends.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="End">One past its last offset.</param>
public readonly record struct PartitionEnd(int Partition, long End);

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
