using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Tests.Contract;

/// <summary>A partition that is followed, and what came of it; disposing cancels the stream.</summary>
internal sealed class Following : IAsyncDisposable
{
    private static readonly Lazy<IMaterializer> Materializer = new(() =>
        ActorSystem.Create("streams", "akka.loglevel = WARNING").Materializer()
    );

    private readonly UniqueKillSwitch _switch;

    private Following(IInteractionLog log, int partition, long from, Func<Task> onBatch)
    {
        (_switch, Ended) = log.Follow(partition, from)
            .ViaMaterialized(KillSwitches.Single<ReadOnlyMemory<LogRecord>>(), Keep.Right)
            .SelectAsync(1, batch => TakeAsync(batch, onBatch))
            .ToMaterialized(Sink.Ignore<bool>(), Keep.Both)
            .Run(Materializer.Value);
    }

    /// <summary>Completes when the stream was cancelled; fails as it failed.</summary>
    public Task Ended { get; }

    /// <summary>What came, in order.</summary>
    public ConcurrentQueue<LogRecord> Records { get; } = new();

    /// <summary>How many records came at once.</summary>
    public ConcurrentQueue<int> BatchSizes { get; } = new();

    public string[] Texts => [.. Records.Select(record => record.Text())];

    public long[] Offsets => [.. Records.Select(record => record.Offset)];

    /// <summary>Follows from now on.</summary>
    /// <param name="log">The log.</param>
    /// <param name="partition">Which partition.</param>
    /// <param name="from">From which offset.</param>
    /// <param name="onBatch">Awaited before the next batch is taken; at once unless told.</param>
    public static Following Start(IInteractionLog log, int partition, long from = 0, Func<Task>? onBatch = null) =>
        new(log, partition, from, onBatch ?? (() => Task.CompletedTask));

    public Task UntilCountAsync(int count) =>
        Eventually.HoldsAsync(
            () => Records.Count >= count || Ended.IsFaulted,
            () => $"{Records.Count} of {count} came, {Ended.Exception?.InnerException?.Message ?? "it goes on"}"
        );

    public async Task UntilTextAsync(string text) =>
        await Eventually.HoldsAsync(() => Texts.Contains(text), () => string.Join(", ", Texts));

    /// <summary>Cancels the stream; completes when it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        _switch.Shutdown();
        await Ended.Briefly().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<bool> TakeAsync(ReadOnlyMemory<LogRecord> batch, Func<Task> onBatch)
    {
        BatchSizes.Enqueue(batch.Length);
        foreach (var record in batch.ToArray())
            Records.Enqueue(record);
        await onBatch();
        return true;
    }
}
