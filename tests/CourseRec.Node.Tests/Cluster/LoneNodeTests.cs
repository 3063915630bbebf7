namespace CourseRec.Node.Tests.Cluster;

public sealed class LoneNodeTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    [Fact]
    public async Task A_node_that_is_alone_sees_itself_serving_every_partition()
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
        await ShownAsync(node, "courserec_cluster_partitions_served{} 4\n");
        await ShownAsync(node, "# TYPE courserec_connections_moved_total counter\n");
        await ShownAsync(node, "\ncourserec_connections_moved_total{} 0\n");
        await ShownAsync(node, "courserec_admission_waiting{} 0\n");
        await ShownAsync(node, "courserec_admission_refused_total{} 0\n");
        await ShownAsync(node, "courserec_cluster_directory_age_seconds{} 0.");
    }

    private static Task ShownAsync(TestNode node, string line) =>
        Eventually.HoldsAsync(
            async () => (await node.Http.GetStringAsync("/metrics")).Contains(line, StringComparison.Ordinal),
            () => node.Http.GetStringAsync("/metrics")
        );
}
