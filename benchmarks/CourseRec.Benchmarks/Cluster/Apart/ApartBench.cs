using CourseRec.Actors;
using CourseRec.Benchmarks.Pipeline;
using CourseRec.Cli;

namespace CourseRec.Benchmarks.Cluster.Apart;

/// <summary>
/// What it costs a push when the socket is on another node than its user's partition: of 1,000 watched users of three
/// nodes half are connected to the node that has their partition, half to another, at 300 events a second. Both halves
/// are measured in the same moments, when the nodes have compiled what they run. (At 1,000 events a second the nodes,
/// the servers and the load fill two cores, and the queues would be measured.)
/// </summary>
internal static class ApartBench
{
    private const int Users = 1000;
    private const int EventsPerSecond = 300;
    private const int Courses = 500;
    private static readonly string[] Nodes = ["a", "b", "c"];
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(40);

    /// <summary>Measures.</summary>
    public static async Task<ApartReport> RunAsync(
        ClusterStage stage,
        TimeSpan duration,
        Action<string> say,
        CancellationToken cancel
    )
    {
        await using var cluster = await stage.StartAsync(Nodes, ClusterBench.Partitions, cancel);
        say("pushes to sockets on the user's node, and on another");
        var owners = await cluster.OwnersAsync(Nodes[0], cancel) ?? throw new CliException("A node does not answer.");
        var apart = Enumerable.Range(0, Users).Where(i => i % 2 == 1).Select(WatchedLoad.NameOf).ToHashSet();
        await using var load = new WatchedLoad(
            cluster.UrlOf(Nodes[0]),
            Users,
            EventsPerSecond,
            (_, random) => random.Next(Courses),
            user => cluster.UrlOf(SocketOf(owners[Partitioner.PartitionOf(user, owners.Length)], apart.Contains(user)))
        );
        await load.ConnectAsync(cancel);
        await load.SendAsync(WarmUp, cancel);
        load.Forget();
        await load.SendAsync(duration, cancel);
        return new(load.Read(user => !apart.Contains(user)), load.Read(apart.Contains));
    }

    private static string SocketOf(string owner, bool isApart) =>
        isApart ? Nodes[(Array.IndexOf(Nodes, owner) + 1) % Nodes.Length] : owner;
}
