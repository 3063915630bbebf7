using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Tests.Contract;

/// <summary>A consumption under way; disposing stops it.</summary>
internal sealed class Consumption : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();

    private Consumption(IInteractionLog log, ILogConsumer consumer) => Task = log.ConsumeAsync(consumer, _stop.Token);

    public Task Task { get; }

    /// <summary>Starts, without waiting for partitions.</summary>
    public static Consumption Start(IInteractionLog log, ILogConsumer consumer) => new(log, consumer);

    /// <summary>Starts, and waits until every partition is assigned.</summary>
    public static async Task<Consumption> StartAsync(IInteractionLog log, Recorder consumer)
    {
        var consumption = new Consumption(log, consumer);
        await Eventually.HoldsAsync(
            () => consumer.Assigned.Count == log.Identity.Partitions,
            () =>
                $"{consumer.Assigned.Count} of {log.Identity.Partitions} partitions assigned, {consumption.Task.Status}"
        );
        return consumption;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.Briefly();
        _stop.Dispose();
    }
}
