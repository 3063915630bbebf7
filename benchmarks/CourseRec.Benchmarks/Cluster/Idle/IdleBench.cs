using System.Diagnostics;

namespace CourseRec.Benchmarks.Cluster.Idle;

/// <summary>Processor time of three nodes with 64 partitions, nobody connected, while nothing happens.</summary>
internal static class IdleBench
{
    private const int Partitions = 64;
    private static readonly string[] Nodes = ["a", "b", "c"];
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    /// <summary>Measures.</summary>
    public static async Task<IdleReport> RunAsync(
        ClusterStage stage,
        TimeSpan duration,
        Action<string> say,
        CancellationToken cancel
    )
    {
        await using var cluster = await stage.StartAsync(Nodes, Partitions, cancel);
        say("nothing yet: the nodes come to rest");
        await Task.Delay(Rest, TimeProvider.System, cancel);
        say("nodes when nothing happens");
        var nodes = cluster.Nodes.Values.ToArray();
        var (began, before) = (Stopwatch.GetTimestamp(), Array.ConvertAll(nodes, node => node.ProcessorTime));
        await Task.Delay(duration, TimeProvider.System, cancel);
        var elapsed = Stopwatch.GetElapsedTime(began);
        return new(Partitions, [.. nodes.Zip(before, (node, used) => (node.ProcessorTime - used) / elapsed)]);
    }
}
