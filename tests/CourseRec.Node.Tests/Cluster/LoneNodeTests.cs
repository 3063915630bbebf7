using System.Globalization;

namespace CourseRec.Node.Tests.Cluster;

public sealed class LoneNodeTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    [Fact]
    public async Task A_node_that_is_alone_is_a_cluster_of_one_that_serves_every_partition()
    {
        var cluster = await fixture.Node.GetAsync("/v1/cluster");

        var node = Assert.Single(cluster.GetProperty("nodes").EnumerateArray());
        Assert.Equal(cluster.GetProperty("node").GetString(), node.GetProperty("id").GetString());
        Assert.Equal(fixture.Node.Url, new Uri(node.GetProperty("url").GetString()!));
        Assert.Equal(
            ["session", "gateway", "trainer"],
            node.GetProperty("roles").EnumerateArray().Select(r => r.GetString())
        );
        Assert.Equal([0, 1, 2, 3], node.GetProperty("partitions").EnumerateArray().Select(p => p.GetInt32()));
        Assert.Equal("up", node.GetProperty("status").GetString());
        Assert.True(node.GetProperty("reachable").GetBoolean());
        var address = node.GetProperty("address").GetString()!.Split(':');
        Assert.Equal("127.0.0.1", address[0]);
        Assert.NotEqual(0, int.Parse(address[1], CultureInfo.InvariantCulture));
        Assert.All(
            cluster.GetProperty("shards").EnumerateArray(),
            shard => Assert.Equal(node.GetProperty("id").GetString(), shard.GetProperty("node").GetString())
        );
    }

    [Fact]
    public async Task Metrics_count_the_node_what_it_serves_and_its_connections()
    {
        await using var node = await TestNode.StartAsync();
        await using (await HubClient.ConnectAsync(node.Url, "counted"))
            await ShownAsync(node, "signalr_server_active_connections{signalr_transport=\"web_sockets\"} 1\n");
        await ShownAsync(node, "signalr_server_active_connections{signalr_transport=\"web_sockets\"} 0\n");
        await ShownAsync(node, "courserec_cluster_nodes{role=\"session\"} 1\n");
        await ShownAsync(node, "courserec_cluster_unreachable{} 0\n");
        await ShownAsync(node, "courserec_cluster_partitions_served{} 4\n");
        await ShownAsync(node, "courserec_admission_waiting{} 0\n");
        await ShownAsync(node, "courserec_admission_refused_total{} 0\n");
    }

    private static Task ShownAsync(TestNode node, string line) =>
        Eventually.HoldsAsync(
            async () => (await node.Http.GetStringAsync("/metrics")).Contains(line, StringComparison.Ordinal),
            () => node.Http.GetStringAsync("/metrics")
        );
}
