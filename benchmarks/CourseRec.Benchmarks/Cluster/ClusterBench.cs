using CourseRec.Benchmarks.Cluster.Apart;
using CourseRec.Benchmarks.Cluster.Cost;
using CourseRec.Benchmarks.Cluster.Idle;
using CourseRec.Benchmarks.Cluster.Move;
using CourseRec.Benchmarks.Harness;
using CourseRec.Cli;

namespace CourseRec.Benchmarks.Cluster;

/// <summary>The parts of <c>bench cluster</c>.</summary>
[Flags]
internal enum ClusterParts
{
    /// <summary>Three nodes against one on the same machine.</summary>
    Cost = 1,

    /// <summary>Watched users whose partitions move from node to node.</summary>
    Move = 2,

    /// <summary>Watched users whose sockets are on another node than their partition.</summary>
    Apart = 4,

    /// <summary>What nodes use when nothing happens.</summary>
    Idle = 8,

    /// <summary>Everything.</summary>
    All = Cost | Move | Apart | Idle,
}

/// <summary>What <c>bench cluster</c> is to do.</summary>
/// <param name="Parts">Which parts.</param>
/// <param name="Rounds">Rounds of the cost; the figures are medians.</param>
/// <param name="Events">Events folded in each.</param>
/// <param name="Seconds">How long events are posted in each, and how long the other parts measure.</param>
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
        var apart = plan.Parts.HasFlag(ClusterParts.Apart)
            ? await OnServersAsync(stage => ApartBench.RunAsync(stage, plan.Seconds, say, cancel), say, cancel)
            : null;
        var idle = plan.Parts.HasFlag(ClusterParts.Idle)
            ? await OnServersAsync(stage => IdleBench.RunAsync(stage, plan.Seconds, say, cancel), say, cancel)
            : null;
        return new(Environment.ProcessorCount, cost, move, apart, idle);
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
        var stage = new ClusterStage(folder.Path, servers);
        var report = await measure(stage);
        stage.RequireAllLasted();
        return report;
    }
}

/// <summary>Where a part runs.</summary>
/// <param name="Folder">A folder, gone afterwards.</param>
/// <param name="Servers">The servers.</param>
internal sealed record ClusterStage(string Folder, LocalServers Servers)
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(2);
    private readonly List<(NodeCluster Cluster, int Ends)> _settled = [];

    /// <summary>
    /// Nodes that serve all partitions, and train nothing. One that the others take out while all of them start at once
    /// on few cores is started again, as anywhere.
    /// </summary>
    public async Task<NodeCluster> StartAsync(string[] ids, int partitions, CancellationToken cancel)
    {
        await Servers.Kafka.CreateTopicAsync("interactions", partitions, cancel);
        var cluster = new NodeCluster(
            Path.Combine(Folder, "nodes"),
            ["--no-training", .. Servers.NodeFlags],
            new() { Seeds = ids, Supervises = true }
        );
        try
        {
            await Task.WhenAll(ids.Select(id => cluster.StartAsync(id, cancel)));
            await cluster.SettledAsync(ids, SettleLimit, cancel);
            _settled.Add((cluster, cluster.Ends.Count));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A node that ended by itself later spoilt the figures.</summary>
    /// <exception cref="CliException">One did.</exception>
    public void RequireAllLasted()
    {
        foreach (var (cluster, ends) in _settled)
            if (cluster.Ends.Skip(ends).FirstOrDefault() is { } end)
                throw new CliException(
                    $"Node {end.Id} ended while it was measured; measure again. It said: {end.Said}"
                );
    }
}
