using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace CourseRec.Streams.Kafka;

/// <summary>Counts down the acknowledgements of one append.</summary>
internal sealed class Delivery
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<int, long?> _ends = [];
    private int _pending = 1;
    private int _failed;
    private Error? _error;

    public Delivery() => Handler = OnReport;

    /// <summary>For every message of the append.</summary>
    public Action<DeliveryReport<byte[], byte[]>> Handler { get; }

    /// <summary>
    /// One past the last offset in each partition, when all are answered; null where the broker answered none, as to a
    /// record that was sent twice.
    /// </summary>
    public IReadOnlyDictionary<int, long?> Ends => _ends;

    /// <summary>How many were not taken.</summary>
    public int Failed => Volatile.Read(ref _failed);

    /// <summary>Why one of them was not; null when all were taken.</summary>
    public Error? Error => Volatile.Read(ref _error);

    /// <summary>Before a message is handed over.</summary>
    public void Add() => Interlocked.Increment(ref _pending);

    /// <summary>After the last one: completes when all are answered.</summary>
    public Task WhenAnsweredAsync()
    {
        Answer();
        return _done.Task;
    }

    private void OnReport(DeliveryReport<byte[], byte[]> report)
    {
        if (report.Error.IsError)
        {
            Interlocked.Increment(ref _failed);
            Volatile.Write(ref _error, report.Error);
        }
        else
            NoteEnd(report);
        Answer();
    }

    /// <summary>Reports come from one thread, the producer's.</summary>
    private void NoteEnd(DeliveryReport<byte[], byte[]> report)
    {
        ref var end = ref CollectionsMarshal.GetValueRefOrAddDefault(_ends, report.Partition, out var isKnown);
        if (report.Offset.IsSpecial)
            end = null;
        else if (!isKnown || report.Offset >= end)
            end = report.Offset + 1;
    }

    private void Answer()
    {
        if (Interlocked.Decrement(ref _pending) == 0)
            _done.SetResult();
    }
}
