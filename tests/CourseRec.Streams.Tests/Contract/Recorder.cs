using System.Collections.Concurrent;
using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Tests.Contract;

/// <summary>A consumer that remembers what it was told.</summary>
internal sealed class Recorder : ILogConsumer
{
    private readonly ConcurrentDictionary<int, int> _inside = new();

    /// <summary>Where to start; the partition's first offset unless set.</summary>
    public Func<int, OffsetRange, long> StartAt { get; init; } = (_, range) => range.First;

    /// <summary>Runs within each delivery.</summary>
    public Func<int, ReadOnlyMemory<LogRecord>, Task> OnRecords { get; init; } = (_, _) => Task.CompletedTask;

    public ConcurrentDictionary<int, OffsetRange> Assigned { get; } = new();

    public ConcurrentQueue<(int Partition, LogRecord Record)> Delivered { get; } = new();

    public ConcurrentQueue<(int Partition, ReleaseReason Reason)> Released { get; } = new();

    public bool HasOverlapped { get; private set; }

    public ValueTask<long> OnAssignedAsync(int partition, OffsetRange range, CancellationToken cancel)
    {
        Assigned[partition] = range;
        return new(StartAt(partition, range));
    }

    public async ValueTask OnRecordsAsync(int partition, ReadOnlyMemory<LogRecord> records, CancellationToken cancel)
    {
        HasOverlapped |= _inside.AddOrUpdate(partition, 1, (_, n) => n + 1) != 1;
        foreach (var record in records.ToArray())
            Delivered.Enqueue((partition, record));
        await OnRecords(partition, records);
        _inside.AddOrUpdate(partition, 0, (_, n) => n - 1);
    }

    public ValueTask OnReleasedAsync(int partition, ReleaseReason reason, CancellationToken cancel)
    {
        Released.Enqueue((partition, reason));
        return ValueTask.CompletedTask;
    }

    public LogRecord[] Of(int partition) => [.. Delivered.Where(d => d.Partition == partition).Select(d => d.Record)];

    public string[] TextsOf(int partition) => [.. Of(partition).Select(r => r.Text())];

    public Task UntilDeliveredAsync(int count) =>
        Eventually.HoldsAsync(() => Delivered.Count >= count, () => $"{Delivered.Count} of {count} delivered");
}
