using System.Diagnostics;
using System.Net.Http.Headers;
using CourseRec.Benchmarks.Harness;

namespace CourseRec.Benchmarks.Pipeline;

/// <summary>
/// Events per second accepted, applied and stored: a closed loop of connections that post arrays of 1,000. Only what
/// is stored counts; the warm-up does not.
/// </summary>
internal static class ThroughputBench
{
    private const int Connections = 4;
    private const int Users = 100_000;
    private const int Windows = 3;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    /// <summary>Measures a node.</summary>
    /// <param name="node">A fresh one.</param>
    /// <param name="duration">How long, without the warm-up; the figures are medians of three windows.</param>
    /// <param name="cancel">Stops early.</param>
    public static async Task<ThroughputResult> RunAsync(BenchNode node, TimeSpan duration, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var load = Enumerable.Range(1, Connections).Select(i => PostAsync(node.Url, i, stop.Token)).ToArray();
        await Task.Delay(WarmUp, TimeProvider.System, cancel);
        var windows = new List<Window>();
        for (var i = 0; i < Windows; i++)
            windows.Add(await MeasureAsync(node, duration / Windows, cancel));
        await stop.CancelAsync();
        var accepted = (await Task.WhenAll(load)).Sum();
        var drained = await DrainAsync(node, cancel);
        return new ThroughputResult(
            Percentiles.Median(windows.Select(w => w.StoredPerSecond)),
            Percentiles.Median(windows.Select(w => w.NodeCores)),
            Percentiles.Median(windows.Select(w => w.GeneratorCores)),
            accepted,
            drained
        );
    }

    private static async Task<Window> MeasureAsync(BenchNode node, TimeSpan duration, CancellationToken cancel)
    {
        var stored = (await node.Target.ReadStateAsync(cancel)).Stored;
        var nodeTime = node.ProcessorTime;
        var ownTime = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        await Task.Delay(duration, TimeProvider.System, cancel);
        stored = (await node.Target.ReadStateAsync(cancel)).Stored - stored;
        var seconds = watch.Elapsed.TotalSeconds;
        return new Window(
            stored / seconds,
            (node.ProcessorTime - nodeTime).TotalSeconds / seconds,
            (Environment.CpuUsage.TotalTime - ownTime).TotalSeconds / seconds
        );
    }

    /// <summary>Posts until stopped; answers how many events were accepted.</summary>
    private static async Task<long> PostAsync(Uri url, int connection, CancellationToken stop)
    {
        using var http = new HttpClient();
        var target = new Uri(url, "/v1/events");
        var bodies = new EventBodies(connection, Users, TimeProvider.System.GetUtcNow());
        var accepted = 0L;
        while (!stop.IsCancellationRequested)
        {
            using var content = new ReadOnlyMemoryContent(bodies.Next());
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await http.PostAsync(target, content, CancellationToken.None);
            if (response.IsSuccessStatusCode)
                accepted += EventBodies.EventsPerRequest;
            else
                await Task.Delay(
                    response.Headers.RetryAfter?.Delta ?? TimeSpan.FromMilliseconds(100),
                    TimeProvider.System,
                    CancellationToken.None
                );
        }
        return accepted;
    }

    /// <summary>Waits until nothing is left to store; answers what is stored in all.</summary>
    private static async Task<long> DrainAsync(BenchNode node, CancellationToken cancel)
    {
        var goal = await node.Target.ReadStateAsync(cancel);
        for (var state = goal; ; state = await node.Target.ReadStateAsync(cancel))
        {
            if (state.HasStoredAllOf(goal))
                return state.Stored;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancel);
        }
    }

    private sealed record Window(double StoredPerSecond, double NodeCores, double GeneratorCores);
}

/// <summary>Throughput.</summary>
/// <param name="EventsPerSecond">Stored events per second.</param>
/// <param name="NodeCores">Processor cores that the node used.</param>
/// <param name="GeneratorCores">Processor cores that the load generator used beside it.</param>
/// <param name="Accepted">Events accepted over the whole run, warm-up included.</param>
/// <param name="Stored">Events stored at its end: the same number, or something was lost.</param>
internal sealed record ThroughputResult(
    double EventsPerSecond,
    double NodeCores,
    double GeneratorCores,
    long Accepted,
    long Stored
);
