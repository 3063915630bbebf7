using CourseRec.Benchmarks.Harness;
using CourseRec.Cli;

namespace CourseRec.Benchmarks.Pipeline;

/// <summary>
/// From an event to the push that reflects it: 1,000 users watch over WebSockets; 1,000 events a second, one a request.
/// </summary>
internal static class PushBench
{
    private const int Users = 1000;
    private const int EventsPerSecond = 1000;
    private const int CourseCount = 500;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    /// <summary>Measures a node.</summary>
    /// <param name="node">A fresh one.</param>
    /// <param name="duration">How long, without the warm-up.</param>
    /// <param name="cancel">Stops early.</param>
    /// <exception cref="Cli.CliException">A watching connection failed.</exception>
    public static async Task<PushResult> RunAsync(BenchNode node, TimeSpan duration, CancellationToken cancel)
    {
        await using var load = new WatchedLoad(node.Url, Users, EventsPerSecond, Course);
        await load.ConnectAsync(cancel);
        await load.SendAsync(WarmUp, cancel);
        load.Forget();
        await load.SendAsync(duration, cancel);
        return load.Read();
    }

    private static int Course(int before, Random random) => random.Next(CourseCount);
}

/// <summary>Event-to-push latency at the client.</summary>
/// <param name="Events">Events sent.</param>
/// <param name="Measured">Pushes that reflected them (one may reflect several events of its user).</param>
/// <param name="Refreshed">Lists that no event of their user caused.</param>
/// <param name="Missing">Users whose last event no push reflected.</param>
/// <param name="P50Ms">Median, milliseconds.</param>
/// <param name="P99Ms">99th percentile, milliseconds.</param>
/// <param name="MaxMs">The slowest, milliseconds.</param>
internal sealed record PushResult(
    int Events,
    int Measured,
    int Refreshed,
    int Missing,
    double P50Ms,
    double P99Ms,
    double MaxMs
);
