using System.Net;
using CourseRec.Cql;
using CourseRec.Cql.Topology;

namespace CourseRec.Cql.Tests.Protocol;

/// <summary>Three nodes on the loopback network, each with a third of the ring.</summary>
public sealed class CqlRoutingTests
{
    private static readonly long[] Ends = [-3_000_000_000_000_000_000, 3_000_000_000_000_000_000, long.MaxValue];

    [Fact]
    public async Task A_request_goes_to_the_node_that_owns_its_partition_and_to_the_next_when_that_is_away()
    {
        await using var first = new ScriptedServer(IPAddress.Parse("127.0.0.1")) { Tokens = [$"{Ends[0]}"] };
        await using var second = new ScriptedServer(IPAddress.Parse("127.0.0.2"), first.EndPoint.Port)
        {
            Tokens = [$"{Ends[1]}"],
        };
        await using var third = new ScriptedServer(IPAddress.Parse("127.0.0.3"), first.EndPoint.Port)
        {
            Tokens = [$"{Ends[2]}"],
        };
        ScriptedServer[] nodes = [first, second, third];
        foreach (var node in nodes)
            node.Peers = [.. nodes.Except([node])];
        await using var cluster = await Cluster.ConnectAsync(Cluster.Options("127.0.0.1", first.EndPoint.Port));
        await Eventually.HoldsAsync(
            () => nodes.All(node => node.Connections >= 2),
            () => string.Join(", ", nodes.Select(node => $"{node.Connections} connections"))
        );
        await Eventually.HoldsAsync(() => cluster.ReachableHosts == 3, () => $"{cluster.ReachableHosts} reachable");
        var insert = await cluster.PrepareAsync("INSERT INTO t (k, v) VALUES (?, ?)");

        var expected = new int[3];
        for (var i = 0; i < 60; i++)
        {
            expected[Owner(Murmur3Token.Of(System.Text.Encoding.UTF8.GetBytes($"key-{i}")))]++;
            await cluster.ExecuteAsync(insert.Bind().Text($"key-{i}").Text("v"));
        }
        Assert.All(expected, count => Assert.NotEqual(0, count));
        Assert.Equal(expected, nodes.Select(node => node.Executed.Count));

        second.Stop();
        for (var i = 0; i < 60; i++)
            await cluster.ExecuteAsync(insert.Bind().Text($"key-{i}").Text("v"));
        Assert.Equal(2 * expected[0], first.Executed.Count);
        Assert.Equal(2 * expected[2] + expected[1], third.Executed.Count);
    }

    [Theory]
    [InlineData("", long.MinValue)]
    [InlineData("123", -7468325962851647638)]
    public void Tokens_are_those_of_the_Murmur3Partitioner(string key, long token) =>
        Assert.Equal(token, Murmur3Token.Of(System.Text.Encoding.UTF8.GetBytes(key)));

    private static int Owner(long token) => Array.FindIndex(Ends, end => token <= end);
}
