using System.Diagnostics;
using System.Globalization;
using CourseRec.Benchmarks.Kafka;
using CourseRec.Cli.Targets;
using CourseRec.Cql;
using CourseRec.Node.Options;
using CourseRec.Persistence.Cassandra.Schema;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Benchmarks.Cluster.Cost;

/// <summary>
/// The cost of being a cluster: the same events consumed, folded and stored by one node and by three, in turns, on the
/// same machine, broker and Cassandra. Each run has a topic, a group, a keyspace and processes of its own; the nodes
/// wait for their partitions, then the topic is filled, and what is measured is how the backlog is worked off.
/// Afterwards events are posted to all nodes. Nothing is judged or trained.
/// </summary>
internal sealed class CostBench(ClusterStage stage, ClusterPlan plan, CancellationToken cancel)
{
    private const int Nodes = 3;
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private int _runs;

    /// <summary>Measures.</summary>
    public static async Task<CostReport> RunAsync(
        ClusterStage stage,
        ClusterPlan plan,
        Action<string> say,
        CancellationToken cancel
    )
    {
        var bench = new CostBench(stage, plan, cancel);
        say("nothing yet: warming the servers up");
        await bench.MeasureAsync(1);
        var rounds = new List<CostRound>();
        for (var round = 1; round <= plan.Rounds; round++)
        {
            say($"round {round}: one node");
            var one = await bench.MeasureAsync(1);
            say($"round {round}: {Nodes} nodes");
            rounds.Add(new(one, await bench.MeasureAsync(Nodes)));
        }
        return new(plan.Events, rounds);
    }

    private async Task<CostRun> MeasureAsync(int nodes)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"bench{++_runs}");
        KeyValuePair<string, string?>[] set =
        [
            .. stage.Servers.Options,
            new("Kafka:Topic", name),
            new("Kafka:GroupId", name),
            new("Cassandra:Keyspace", name),
            new("Recommend:JudgedShare", "0"),
        ];
        var options = NodeOptionsReader.Load(set);
        await stage.Servers.Kafka.CreateTopicAsync(name, ClusterBench.Partitions, cancel);
        await CassandraMigrator.MigrateAsync(
            options.Cassandra.StoreOptions,
            options.Cassandra.Replicas,
            TimeProvider.System,
            NullLogger.Instance,
            cancel
        );
        try
        {
            string[] ids = [.. "abc"[..nodes].Select(id => id.ToString())];
            await using var cluster = new NodeCluster(
                Path.Combine(stage.Folder, name),
                ["--no-training", .. NodeProcess.FlagsOf(set)],
                new() { Seeds = ids }
            );
            await Task.WhenAll(ids.Select(id => cluster.StartAsync(id, cancel)));
            await cluster.SettledAsync(ids, SettleLimit, cancel);
            return await MeasureAsync(cluster, options);
        }
        finally
        {
            await DropAsync(options.Cassandra);
        }
    }

    private async Task<CostRun> MeasureAsync(NodeCluster cluster, NodeOptions options)
    {
        HttpTarget[] targets = [.. cluster.Nodes.Values.Select(node => new HttpTarget(node.Url, TimeProvider.System))];
        try
        {
            await TopicFill.ProduceAsync(options, plan.Events, cancel);
            var used = new ProcessorTimes(cluster, stage.Servers);
            var (began, already) = (Stopwatch.GetTimestamp(), await StoredAsync(targets));
            while (await StoredAsync(targets) < plan.Events)
                await Task.Delay(Poll, TimeProvider.System, cancel);
            var (events, elapsed) = ((double)(plan.Events - already), Stopwatch.GetElapsedTime(began));
            var (nodes, cassandra, kafka) = used.Read();
            var accepted = await PostedLoad.RunAsync(
                [.. cluster.Nodes.Values.Select(node => node.Url)],
                plan.Seconds,
                cancel
            );
            return new(
                events / elapsed.TotalSeconds,
                accepted,
                nodes.TotalMicroseconds / events,
                cassandra.TotalMicroseconds / events,
                kafka.TotalMicroseconds / events
            );
        }
        finally
        {
            foreach (var target in targets)
                await target.DisposeAsync();
        }
    }

    private async Task<long> StoredAsync(HttpTarget[] nodes)
    {
        var states = await Task.WhenAll(nodes.Select(node => node.ReadStateAsync(cancel).AsTask()));
        return states.Sum(state => state.Stored);
    }

    private async Task DropAsync(CassandraOptions options)
    {
        await using var cluster = await CqlCluster.ConnectAsync(
            options.StoreOptions.Cluster,
            TimeProvider.System,
            NullLogger.Instance,
            cancel
        );
        await cluster.QueryAsync($"DROP KEYSPACE {options.Keyspace}", cancel: cancel);
    }
}
