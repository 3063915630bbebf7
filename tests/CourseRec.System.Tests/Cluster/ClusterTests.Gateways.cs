using System.Net;
using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Cluster;

public sealed partial class ClusterTests
{
    [Theory]
    [InlineData("WebSockets")]
    [InlineData("ServerSentEvents")]
    [InlineData("LongPolling")]
    public async Task Every_transport_reaches_the_users_node_through_a_gateway_that_forwards_and_through_others(
        string transport
    )
    {
        var nodes = cluster.Nodes.Values.ToArray();
        var users = Users(8);
        await using var watchers = await WatchAsync(users, nodes, transport);
        await using var pulse = new Pulse(nodes[0].Url, users);
        await PushedAsync(watchers);
        await pulse.EndAsync();
        AssertNoErrors(watchers);
    }

    [Fact]
    public async Task Nodes_at_addresses_that_are_not_allowed_are_sent_nobody_and_named()
    {
        var allowed = cluster.Nodes["b"].Url;
        var wary = await cluster.StartAsync(
            "w",
            "--roles",
            "gateway",
            "--set",
            $"Cluster:AllowedUrls={allowed}",
            "--set",
            "Cluster:WaitForOwner=1s"
        );
        var its = (await UsersOfAsync("b", 1)).Single();
        var others = (await UsersOfAsync("a", 1)).Single();

        Assert.Equal(0, (await AppliedAsync(wary, its, 0))!.Applied);
        await NobodyServesAsync(wary, others);
        using var http = new HttpClient { BaseAddress = wary.Url };
        using var answer = await http.PostAsync(
            $"hubs/recommendations/negotiate?user={others}&negotiateVersion=1",
            null
        );
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var refused = $"Node a is at {cluster.Nodes["a"].Url.GetLeftPart(UriPartial.Authority)}, which is not allowed";
        Assert.Single(wary.LinesWith(refused));
        Assert.Empty(wary.LinesWith("Node b is at"));
        Assert.Equal(0, await cluster.EndAsync("w", Signals.Terminate));
    }
}
