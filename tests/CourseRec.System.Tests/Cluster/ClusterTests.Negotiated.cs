using System.Net.Http.Json;
using System.Text.Json;
using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Cluster;

public sealed partial class ClusterTests
{
    /// <summary>SignalR forgets a connection that does not begin within 15 s of its negotiation.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task A_connection_whose_partition_moves_before_it_connects_begins_and_is_asked_to_connect_again()
    {
        for (var round = 1; !await BegunAfterTheMoveAsync(); round++)
            Assert.True(round < 5, $"in {round} rounds a node that wakes took longer than {Forgotten} to join");
    }

    /// <summary>
    /// A frozen node has lost its partitions; when it wakes, it joins without the time that a start takes. False: the
    /// partitions moved so late that what was negotiated before is forgotten.
    /// </summary>
    private async Task<bool> BegunAfterTheMoveAsync()
    {
        var fourth = await cluster.StartAsync("e");
        await cluster.SettledAsync("a", "b", "c", "e");
        fourth.Freeze();
        await cluster.SettledAsync("a", "b", "c");
        var gateway = cluster.Nodes["d"];
        var owners = new Dictionary<string, string>();
        var tokens = new Dictionary<string, string>();
        var negotiated = TimeProvider.System.GetTimestamp();
        foreach (var user in Users(16))
        {
            owners[user] = await cluster.OwnerOfAsync(user, "d");
            tokens[user] = await NegotiateAsync(gateway, user);
        }
        fourth.Thaw();
        await cluster.SettledAsync("a", "b", "c", "e");
        var inTime = TimeProvider.System.GetElapsedTime(negotiated) < Forgotten;
        if (inTime)
            await BeginAsync(gateway, tokens, owners);
        Assert.Equal(0, await cluster.EndAsync("e", Signals.Terminate));
        await cluster.SettledAsync("a", "b", "c");
        return inTime;
    }

    private async Task BeginAsync(
        NodeProcess gateway,
        Dictionary<string, string> tokens,
        Dictionary<string, string> owners
    )
    {
        var clients = await Task.WhenAll(
            tokens.Select(async token => (token.Key, await HubClient.ConnectAsync(gateway.Url, token.Key, token.Value)))
        );
        var moved = 0;
        foreach (var (user, connected) in clients)
        {
            await using var client = connected;
            await client.InvokeAsync("Subscribe", 5);
            if (await cluster.OwnerOfAsync(user, "d") == owners[user])
            {
                Assert.Equal(user, (await client.NextAsync()).GetProperty("user").GetString());
                continue;
            }
            moved++;
            Assert.Null(await client.ReconnectingAsync());
        }
        Assert.InRange(moved, 1, tokens.Count - 1);
    }

    private static async Task<string> NegotiateAsync(NodeProcess node, string user)
    {
        using var http = new HttpClient { BaseAddress = node.Url };
        using var answer = await http.PostAsync($"hubs/recommendations/negotiate?user={user}&negotiateVersion=1", null);
        var negotiated = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return negotiated.GetProperty("connectionToken").GetString()!;
    }
}
