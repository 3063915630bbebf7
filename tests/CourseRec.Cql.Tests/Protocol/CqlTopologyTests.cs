using System.Net;
using CourseRec.Cql;

namespace CourseRec.Cql.Tests.Protocol;

/// <summary>Nodes that come and go.</summary>
public sealed class CqlTopologyTests
{
    [Fact]
    public async Task A_node_that_joins_is_used_and_one_that_leaves_is_not()
    {
        await using var first = new ScriptedServer(IPAddress.Parse("127.0.0.1")) { Tokens = ["-4000000000000000000"] };
        await using var second = new ScriptedServer(IPAddress.Parse("127.0.0.2"), first.EndPoint.Port)
        {
            Tokens = ["4000000000000000000"],
        };
        await using var cluster = await ConnectAsync(first);
        Assert.Equal(1, cluster.ReachableHosts);

        (first.Peers, second.Peers) = ([second], [first]);
        await Eventually.HoldsAsync(() => cluster.ReachableHosts == 2, () => $"{cluster.ReachableHosts} reachable");
        await WriteAsync(cluster);
        Assert.NotEmpty(second.Executed);

        (first.Peers, second.Peers) = ([], []);
        await Eventually.HoldsAsync(() => cluster.ReachableHosts == 1, () => $"{cluster.ReachableHosts} reachable");
    }

    [Fact]
    public async Task A_node_that_comes_back_elsewhere_is_found_there()
    {
        var id = Guid.NewGuid();
        await using var first = new ScriptedServer(IPAddress.Parse("127.0.0.1")) { Tokens = ["-4000000000000000000"] };
        await using var before = new ScriptedServer(IPAddress.Parse("127.0.0.2"), first.EndPoint.Port)
        {
            Id = id,
            Tokens = ["4000000000000000000"],
        };
        await using var after = new ScriptedServer(IPAddress.Parse("127.0.0.3"), first.EndPoint.Port)
        {
            Id = id,
            Tokens = ["4000000000000000000"],
        };
        (first.Peers, before.Peers, after.Peers) = ([before], [first], [first]);
        await using var cluster = await ConnectAsync(first);
        await Eventually.HoldsAsync(() => cluster.ReachableHosts == 2, () => $"{cluster.ReachableHosts} reachable");

        before.Stop();
        first.Peers = [after];
        await Eventually.HoldsAsync(
            () => after.Connections > 0 && cluster.ReachableHosts == 2,
            () => $"{after.Connections} connections, {cluster.ReachableHosts} reachable"
        );
        await WriteAsync(cluster);
        Assert.NotEmpty(after.Executed);
    }

    [Fact]
    public async Task A_node_of_another_data_centre_is_left_alone()
    {
        await using var first = new ScriptedServer(IPAddress.Parse("127.0.0.1"));
        await using var far = new ScriptedServer(IPAddress.Parse("127.0.0.2"), first.EndPoint.Port)
        {
            DataCentre = "dc2",
        };
        first.Peers = [far];
        await using var cluster = await ConnectAsync(first);
        await WriteAsync(cluster);
        Assert.Equal((1, 0), (cluster.ReachableHosts, far.Connections));
    }

    private static Task<CqlCluster> ConnectAsync(ScriptedServer server) =>
        Cluster.ConnectAsync(
            Cluster.Options("127.0.0.1", server.EndPoint.Port) with
            {
                TopologyInterval = TimeSpan.FromMilliseconds(100),
            }
        );

    private static async Task WriteAsync(CqlCluster cluster)
    {
        var insert = await cluster.PrepareAsync("INSERT INTO t (k, v) VALUES (?, ?)");
        for (var i = 0; i < 50; i++)
            await cluster.ExecuteAsync(insert.Bind().Text($"key-{i}").Text("v"));
    }
}
