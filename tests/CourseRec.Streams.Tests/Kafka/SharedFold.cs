using System.Collections.Concurrent;
using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Tests.Kafka;

/// <summary>
/// Several consumers over one store: it keeps each partition's progress, and sees whether a record is left out.
/// </summary>
internal sealed class SharedFold(int partitions)
{
    private readonly long[] _next = new long[partitions];
    private readonly ConcurrentQueue<string> _gaps = new();

    /// <summary>Records that were left out.</summary>
    public IReadOnlyCollection<string> Gaps => _gaps;

    /// <summary>Records folded, each once.</summary>
    public long Folded => Enumerable.Range(0, partitions).Sum(p => Volatile.Read(ref _next[p]));

    public Member NewMember() => new(this);

    private long Next(int partition)
    {
        lock (_next)
            return _next[partition];
    }

    private void Fold(int partition, LogRecord record)
    {
        lock (_next)
        {
            if (record.Offset > _next[partition])
                _gaps.Enqueue($"{partition}: {record.Offset} after {_next[partition] - 1}");
            _next[partition] = Math.Max(_next[partition], record.Offset + 1);
        }
    }

    internal sealed class Member(SharedFold fold) : ILogConsumer
    {
        private readonly ConcurrentDictionary<int, bool> _held = new();

        public ICollection<int> Held => _held.Keys;

        public ConcurrentQueue<(int Partition, ReleaseReason Reason)> Released { get; } = new();

        public ValueTask<long> OnAssignedAsync(int partition, OffsetRange range, CancellationToken cancel)
        {
            _held[partition] = true;
            return new(fold.Next(partition));
        }

        public ValueTask OnRecordsAsync(int partition, ReadOnlyMemory<LogRecord> records, CancellationToken cancel)
        {
            foreach (var record in records.Span)
                fold.Fold(partition, record);
            return ValueTask.CompletedTask;
        }

        public ValueTask OnReleasedAsync(int partition, ReleaseReason reason, CancellationToken cancel)
        {
            _held.TryRemove(partition, out _);
            Released.Enqueue((partition, reason));
            return ValueTask.CompletedTask;
        }
    }
}
