using CourseRec.Node.Tests.Support;

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
}
