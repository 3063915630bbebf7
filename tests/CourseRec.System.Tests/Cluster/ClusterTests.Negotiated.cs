using System.Net.Http.Json;
using System.Text.Json;
using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Cluster;

public sealed partial class ClusterTests
{
    [Fact]
    public async Task A_connection_whose_partition_moves_before_it_connects_begins_and_is_asked_to_connect_again()
    {
        var gateway = cluster.Nodes["d"];
        var owners = new Dictionary<string, string>();
        var tokens = new Dictionary<string, string>();
        foreach (var user in Users(16))
        {
            owners[user] = await cluster.OwnerOfAsync(user, gateway);
            tokens[user] = await NegotiateAsync(gateway, user);
        }
        await cluster.StartAsync("e");
        await cluster.SettledAsync("a", "b", "c", "e");

        var moved = 0;
        foreach (var (user, token) in tokens)
        {
            await using var client = await HubClient.ConnectAsync(gateway.Url, user, token);
            await client.InvokeAsync("Subscribe", 5);
            if (await cluster.OwnerOfAsync(user, gateway) == owners[user])
            {
                Assert.Equal(user, (await client.NextAsync()).GetProperty("user").GetString());
                continue;
            }
            moved++;
            Assert.Null(await client.ReconnectingAsync());
        }

        Assert.InRange(moved, 1, tokens.Count - 1);
        Assert.Equal(0, await cluster.EndAsync("e", Signals.Terminate));
        await cluster.SettledAsync("a", "b", "c");
    }

    private static async Task<string> NegotiateAsync(NodeProcess node, string user)
    {
        using var http = new HttpClient { BaseAddress = node.Url };
        using var answer = await http.PostAsync($"hubs/recommendations/negotiate?user={user}&negotiateVersion=1", null);
        var negotiated = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return negotiated.GetProperty("connectionToken").GetString()!;
    }
}
