using CourseRec.Actors.Ports;

namespace CourseRec.Persistence.Tests.Contract;

/// <summary>What every directory of nodes keeps. An adapter supplies an empty one.</summary>
public abstract class NodeDirectoryContract
{
    [Fact]
    public async Task A_node_that_published_itself_is_listed_as_it_described_itself()
    {
        var directory = await OpenAsync();
        var whole = Node("a", "http://10.0.0.1:5080/", new PartitionClaim(0, 12), new PartitionClaim(7, 0));
        var bare = new NodeEntry("b", null, [NodeRole.Trainer], [], "0.1.0", "");
        await directory.PublishAsync(whole, default);
        await directory.PublishAsync(bare, default);

        var listed = await directory.ListAsync(default);

        Assert.Equal(["b", "a"], listed.Select(node => node.Id));
        AssertSame(bare, listed[0]);
        AssertSame(whole, listed[1]);
        Assert.True(listed[1].Claims(7));
        Assert.False(listed[1].Claims(1));
    }

    [Fact]
    public async Task What_a_node_says_replaces_what_it_said()
    {
        var directory = await OpenAsync();
        await directory.PublishAsync(Node("a", "http://10.0.0.1:5080/", new PartitionClaim(0, 1)), default);
        await directory.PublishAsync(Node("a", "http://10.0.0.1:5080/"), default);

        Assert.Empty(Assert.Single(await directory.ListAsync(default)).Partitions);
    }

    [Fact]
    public async Task Of_two_nodes_that_claim_a_partition_the_one_that_said_so_last_comes_first()
    {
        var directory = await OpenAsync();
        await directory.PublishAsync(Node("a", "http://10.0.0.1:5080/", new PartitionClaim(3, 0)), default);
        await directory.PublishAsync(Node("b", "http://10.0.0.2:5080/", new PartitionClaim(3, 0)), default);
        Assert.Equal("b", (await directory.ListAsync(default)).First(node => node.Claims(3)).Id);

        await directory.PublishAsync(Node("a", "http://10.0.0.1:5080/", new PartitionClaim(3, 0)), default);
        Assert.Equal("a", (await directory.ListAsync(default)).First(node => node.Claims(3)).Id);
    }

    [Fact]
    public async Task A_node_that_was_withdrawn_is_gone_and_may_come_back()
    {
        var directory = await OpenAsync();
        await directory.PublishAsync(Node("a", "http://10.0.0.1:5080/"), default);
        await directory.WithdrawAsync("a", default);
        await directory.WithdrawAsync("nobody", default);
        Assert.Empty(await directory.ListAsync(default));

        await directory.PublishAsync(Node("a", "http://10.0.0.1:5080/"), default);
        Assert.Single(await directory.ListAsync(default));
    }

    /// <summary>A directory without nodes.</summary>
    protected abstract ValueTask<INodeDirectory> OpenAsync();

    protected static NodeEntry Node(string id, string url, params PartitionClaim[] claims) =>
        new(id, url, [NodeRole.Session, NodeRole.Gateway], claims, "0.1.0", "bert4rec-3");

    private static void AssertSame(NodeEntry expected, NodeEntry actual)
    {
        Assert.Equal(expected.Roles, actual.Roles);
        Assert.Equal(expected.Partitions, actual.Partitions);
        Assert.Equal(
            (expected.Id, expected.Url, expected.Program, expected.Model),
            (actual.Id, actual.Url, actual.Program, actual.Model)
        );
    }
}
