using CourseRec.Benchmarks.Cluster.Cost;
using CourseRec.Benchmarks.Cluster.Move;
using CourseRec.Benchmarks.Harness;

namespace CourseRec.Benchmarks.Cluster;

/// <summary>The parts of <c>bench cluster</c>.</summary>
[Flags]
internal enum ClusterParts
{
    /// <summary>Three nodes against one on the same machine.</summary>
    Cost = 1,

    /// <summary>Watched users who move from node to node.</summary>
    Move = 2,

    /// <summary>Everything.</summary>
    All = Cost | Move,
}

/// <summary>What <c>bench cluster</c> is to do.</summary>
/// <param name="Parts">Which parts.</param>
/// <param name="Rounds">Rounds of the cost; the figures are medians.</param>
/// <param name="Events">Events folded in each.</param>
/// <param name="Seconds">How long events are posted in each.</param>
/// <param name="Users">Watched users who move.</param>
internal sealed record ClusterPlan(ClusterParts Parts, int Rounds, int Events, TimeSpan Seconds, int Users);

/// <summary>Runs the parts one after another, each on a Kafka and a Cassandra of its own.</summary>
internal static class ClusterBench
{
    /// <summary>Partitions of every topic: as many for each of three nodes.</summary>
    public const int Partitions = 12;

    /// <summary>Measures.</summary>
    public static async Task<ClusterBenchReport> RunAsync(
        ClusterPlan plan,
        Action<string> say,
        CancellationToken cancel
    )
    {
        var cost = plan.Parts.HasFlag(ClusterParts.Cost)
            ? await OnServersAsync(stage => CostBench.RunAsync(stage, plan, say, cancel), say, cancel)
            : null;
        var move = plan.Parts.HasFlag(ClusterParts.Move)
            ? await OnServersAsync(stage => MoveBench.RunAsync(stage, plan, say, cancel), say, cancel)
            : null;
        return new(Environment.ProcessorCount, cost, move);
    }

    private static async Task<T> OnServersAsync<T>(
        Func<ClusterStage, Task<T>> measure,
        Action<string> say,
        CancellationToken cancel
    )
    {
        using var folder = new TemporaryFolder();
        say("nothing yet: starting Kafka and Cassandra");
        await using var servers = await LocalServers.StartAsync(folder.Path, cancel);
        return await measure(new(folder.Path, servers));
    }
}

/// <summary>Where a part runs.</summary>
/// <param name="Folder">A folder, gone afterwards.</param>
/// <param name="Servers">The servers.</param>
internal sealed record ClusterStage(string Folder, LocalServers Servers);
