using Confluent.Kafka;

namespace CourseRec.Streams.Kafka;

/// <summary>Counts down the acknowledgements of one append.</summary>
internal sealed class Delivery
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _pending = 1;
    private int _failed;
    private Error? _error;

    public Delivery() => Handler = OnReport;

    /// <summary>For every message of the append.</summary>
    public Action<DeliveryReport<byte[], byte[]>> Handler { get; }

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
        Answer();
    }

    private void Answer()
    {
        if (Interlocked.Decrement(ref _pending) == 0)
            _done.SetResult();
    }
}
