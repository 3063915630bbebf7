using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Cluster;

public sealed partial class ClusterTests
{
    // The figure is printed, as the lapse of a proof may also have other reasons on a machine that is busy.
    [Fact]
    public async Task A_node_that_is_killed_and_back_at_once_joins_when_no_other_has_to_wait_for_its_former_life()
    {
        NodeProcess[] others = [cluster.Nodes["b"], cluster.Nodes["c"]];
        Assert.Equal(137, await cluster.EndAsync("a", Signals.Kill));

        var back = BackAsync();
        var (looks, unserved) = (0, 0);
        for (; !back.IsCompleted; looks++)
            unserved += (await Task.WhenAll(others.Select(ServedByAsync))).Contains(0) ? 1 : 0;

        Assert.Single((await back).LinesWith("did not leave the cluster; it joins in 5 s"));
        output.WriteLine($"nodes that were well served nobody in {unserved} of {looks} looks");

        async Task<NodeProcess> BackAsync()
        {
            var node = await cluster.StartAsync("a");
            await cluster.SettledAsync("a", "b", "c");
            return node;
        }
    }

    /// <summary>How many partitions a node says it serves.</summary>
    private static async Task<int> ServedByAsync(NodeProcess node)
    {
        using var client = new NodeClient(node.Url);
        var itself = (await client.GetAsync("v1/cluster")).GetProperty("nodes")[0];
        return itself.GetProperty("partitions").GetArrayLength();
    }
}
