using System.Diagnostics;
using System.Text.Json;
using CourseRec.Benchmarks.Harness;
using CourseRec.Cli;
using CourseRec.Node.Http;
using CourseRec.Node.Operations;

namespace CourseRec.Benchmarks.Pipeline;

/// <summary>
/// How soon the weights that serve have learned from an event, and what learning costs the pushes: users watch, events
/// flow, nearly all of them discoveries. Users follow courses in chains, so that there is something to learn.
/// </summary>
internal static class FreshnessBench
{
    private const int CourseCount = 1000;
    private const double ChainShare = 0.7;
    private const int Step = 5;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Measures a node that trains.</summary>
    /// <param name="node">A fresh one.</param>
    /// <param name="users">Users who watch.</param>
    /// <param name="eventsPerSecond">Events a second, over all of them.</param>
    /// <param name="duration">How long, without the warm-up and the wait for the first model.</param>
    /// <param name="cancel">Stops early.</param>
    /// <exception cref="CliException">The node does not train, or a watching connection failed.</exception>
    public static async Task<FreshnessResult> RunAsync(
        BenchNode node,
        int users,
        int eventsPerSecond,
        TimeSpan duration,
        CancellationToken cancel
    )
    {
        await using var load = new WatchedLoad(node.Url, users, eventsPerSecond, Course);
        await load.ConnectAsync(cancel);
        await WarmUpAsync(node, load, cancel);
        load.Forget();
        var before = await ReadAsync(node, cancel);
        var (processor, watch) = (node.ProcessorTime, Stopwatch.StartNew());
        await load.SendAsync(duration, cancel);
        var cores = (node.ProcessorTime - processor) / watch.Elapsed;
        var after = await ReadAsync(node, cancel);
        return new FreshnessResult(
            after.FreshnessP50Ms ?? double.NaN,
            after.FreshnessP99Ms ?? double.NaN,
            after.Coverage,
            after.Trained - before.Trained,
            after.Dropped - before.Dropped,
            after.Published - before.Published,
            after.Rejected - before.Rejected,
            cores,
            load.Read()
        );
    }

    /// <summary>Sends until a first model serves, and a little longer.</summary>
    private static async Task WarmUpAsync(BenchNode node, WatchedLoad load, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        do
        {
            if (watch.Elapsed > Patience)
                throw new CliException($"No model was published in {Patience.TotalSeconds} s of events.");
            await load.SendAsync(WarmUp, cancel);
        } while ((await ReadAsync(node, cancel)).FreshnessP99Ms is null);
    }

    private static async Task<LiveTraining> ReadAsync(BenchNode node, CancellationToken cancel)
    {
        var json = await node.Target.GetAsync("v1/live", cancel);
        var training = JsonSerializer.Deserialize(json, NodeJson.Readable.LiveFigures)!.Training;
        return training.Problem is null ? training : throw new CliException(training.Problem);
    }

    private static int Course(int before, Random random) =>
        before >= 0 && random.NextDouble() < ChainShare
            ? (before + 1 + random.Next(Step)) % CourseCount
            : random.Next(CourseCount);
}

/// <summary>Freshness under load.</summary>
/// <param name="P50Ms">Median time from an event's acceptance to serving weights that learned from it,
/// milliseconds.</param>
/// <param name="P99Ms">99th percentile of it.</param>
/// <param name="Coverage">The share of the taught examples that it holds for.</param>
/// <param name="Trained">Examples trained on.</param>
/// <param name="Dropped">Examples dropped.</param>
/// <param name="Published">Models published.</param>
/// <param name="Rejected">Models that the guard refused.</param>
/// <param name="NodeCores">Processor cores that the node used.</param>
/// <param name="Push">Event-to-push latency meanwhile.</param>
internal sealed record FreshnessResult(
    double P50Ms,
    double P99Ms,
    double Coverage,
    long Trained,
    long Dropped,
    long Published,
    long Rejected,
    double NodeCores,
    PushResult Push
);
