using System.Net;
using System.Net.WebSockets;
using CourseRec.Actors.Ports;
using Microsoft.AspNetCore.SignalR;

namespace CourseRec.Node.Tests.Push;

public sealed class HubTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private TestNode Node => fixture.Node;

    [Fact]
    public async Task A_subscriber_gets_the_list_now_and_again_after_an_event()
    {
        await using var hub = await HubClient.ConnectAsync(Node.Url, "watcher");
        await hub.InvokeAsync("Subscribe", 5);
        var first = await hub.NextAsync();
        Assert.Equal("watcher", first.GetProperty("user").GetString());
        await Node.PostAsync("/v1/events", """{"user":"watcher","course":"w1","type":"enroll"}""");
        var offset = first.GetProperty("offset").GetInt64();
        var session = await Node.AppliedAsync("watcher", 1);
        while (offset < session.GetProperty("offset").GetInt64())
        {
            var next = (await hub.NextAsync()).GetProperty("offset").GetInt64();
            Assert.True(next >= offset, $"{next} after {offset}");
            offset = next;
        }
        await Eventually.HoldsAsync(
            async () => (await Node.GetAsync("/v1/live")).GetProperty("push").GetProperty("count").GetInt64() > 0,
            () => Node.Http.GetStringAsync("/v1/live")
        );
    }

    [Fact]
    public async Task An_interaction_without_a_user_is_the_connections()
    {
        await using var hub = await HubClient.ConnectAsync(Node.Url, "doer");
        var answer = await hub.AskAsync("Interact", new { course = "d1", type = "click" });
        Assert.Equal(1, answer.GetProperty("accepted").GetInt32());
        await Node.AppliedAsync("doer", 1);
    }

    [Fact]
    public async Task An_interaction_of_another_user_is_refused()
    {
        await using var hub = await HubClient.ConnectAsync(Node.Url, "me");
        var answer = await hub.AskAsync(
            "Interact",
            new
            {
                user = "you",
                course = "d1",
                type = "click",
            }
        );
        var rejected = answer.GetProperty("rejected")[0].GetProperty("reason").GetString();
        Assert.StartsWith("user: ", rejected, StringComparison.Ordinal);
        Assert.Equal(0, (await Node.GetAsync("/v1/users/you")).GetProperty("applied").GetInt64());
    }

    public static TheoryData<string, object> BadCalls() =>
        new()
        {
            { "Subscribe", 0 },
            { "Subscribe", "ten" },
            { "Interact", Array.Empty<int>() },
            { "Interact", 7 },
        };

    [Theory]
    [MemberData(nameof(BadCalls))]
    public async Task A_bad_call_is_answered_with_an_error_and_the_connection_goes_on(string method, object argument)
    {
        await using var hub = await HubClient.ConnectAsync(Node.Url, "clumsy");
        await Assert.ThrowsAsync<HubException>(() => hub.InvokeAsync(method, argument));
        await hub.InvokeAsync("Unsubscribe");
    }

    [Fact]
    public async Task A_connection_without_a_user_is_refused() =>
        await Assert.ThrowsAsync<WebSocketException>(() => HubClient.ConnectAsync(Node.Url, ""));

    [Fact]
    public async Task A_node_that_is_no_gateway_takes_no_connections()
    {
        await using var node = await TestNode.StartAsync(with: o =>
            o with
            {
                Cluster = o.Cluster with { Roles = [NodeRole.Session] },
            }
        );
        using var answer = await node.Http.PostAsync("/hubs/recommendations/negotiate?user=u&negotiateVersion=1", null);
        await answer.ProblemAsync(HttpStatusCode.MisdirectedRequest);
        await Assert.ThrowsAsync<WebSocketException>(() => HubClient.ConnectAsync(node.Url, "u"));
        Assert.Equal(0, (await node.GetAsync("/v1/users/u")).GetProperty("applied").GetInt64());
    }
}
