using System.Text.Json;
using CourseRec.Actors;
using CourseRec.SystemTests.Harness;
using Xunit.Abstractions;

namespace CourseRec.SystemTests.Cluster;

/// <summary>
/// Several nodes as one: a user is reached through any of them, and whatever becomes of one, the others go on with its
/// users.
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed partial class ClusterTests(TestCluster cluster, ITestOutputHelper output)
    : IClassFixture<TestCluster>,
        IAsyncLifetime
{
    private static readonly TimeSpan ListLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(2);
    private readonly string _run = $"r{Guid.NewGuid():n}"[..7];

    /// <summary>A test that failed may have left nodes ended, or more than there should be.</summary>
    public Task InitializeAsync() => cluster.RestoreAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Every_node_answers_for_every_user_and_all_answer_the_same()
    {
        var nodes = cluster.Nodes.Values.ToArray();
        var users = Users(12);
        await using var watchers = await WatchAsync(users, nodes);

        foreach (var (i, user) in users.Index())
        {
            using var any = new NodeClient(nodes[(i + 1) % nodes.Length].Url);
            var version = await any.WriteAsync(Event(user, "first"));
            var answers = await Task.WhenAll(nodes.Select(node => ReadAsync(node, $"v1/users/{user}?after={version}")));
            Assert.Equal(1, JsonDocument.Parse(answers[0]).RootElement.GetProperty("applied").GetInt64());
            Assert.Single(answers.Distinct());
        }

        await watchers.AllAsync(user => user.Last?.Offset >= 0, "see what they did", ListLimit);
        AssertKept(watchers.Users);
    }

    [Fact]
    public async Task A_gateway_without_partitions_takes_and_answers_everything()
    {
        var gateway = cluster.Nodes["d"];
        using var client = new NodeClient(gateway.Url);
        var user = Users(1)[0];
        await using var hub = await HubClient.ConnectAsync(gateway.Url, user);
        await hub.InvokeAsync("Subscribe", 5);
        Assert.Equal(-1, (await hub.NextAsync()).GetProperty("offset").GetInt64());
        var taken = await hub.AskAsync("Interact", new { course = $"{user}-first", type = "enroll" });
        var version = Assert.Single(taken.GetProperty("versions").EnumerateArray()).GetProperty("version");

        var session = await client.GetAsync($"v1/users/{user}?after={version}");
        var offset = session.GetProperty("offset").GetInt64();
        var list = await hub.NextAsync();
        while (list.GetProperty("offset").GetInt64() < offset)
            list = await hub.NextAsync();
        var asked = await client.GetAsync($"v1/users/{user}/recommendations?after={version}");
        Assert.Equal(offset, asked.GetProperty("offset").GetInt64());
        await Eventually.BecomesAsync(
            async () => (await client.GetAsync("v1/popular")).GetProperty("items").GetArrayLength(),
            courses => courses > 0,
            "the gateway knows what the others have counted"
        );

        var itself = (await client.GetAsync("v1/cluster")).GetProperty("nodes")[0];
        Assert.Equal("gateway", Assert.Single(itself.GetProperty("roles").EnumerateArray()).GetString());
        Assert.Empty(itself.GetProperty("partitions").EnumerateArray());
        await client.EraseAsync(user);
        foreach (var node in cluster.Nodes.Values)
            await AppliedAsync(node, user, 0);
    }

    [Theory]
    [InlineData("WebSockets")]
    [InlineData("ServerSentEvents")]
    [InlineData("LongPolling")]
    public async Task Every_transport_gets_pushes_from_a_gateway_and_from_nodes_with_partitions(string transport)
    {
        var nodes = cluster.Nodes.Values.ToArray();
        var users = Users(8);
        await using var watchers = await WatchAsync(users, nodes, transport);
        await using var pulse = new Pulse(nodes[0].Url, users);
        await PushedAsync(watchers);
        await pulse.EndAsync();
        AssertKept(watchers.Users);
    }

    [Fact]
    public async Task Every_node_reports_the_same_members_and_owners()
    {
        foreach (var (id, node) in cluster.Nodes)
        {
            using var client = new NodeClient(node.Url);
            var report = await client.GetAsync("v1/cluster");
            Assert.Equal(id, report.GetProperty("node").GetString());
            var members = report.GetProperty("nodes").EnumerateArray().ToDictionary(TextOf("id"));
            Assert.Equal(cluster.Nodes.Keys, members.Keys.Order());
            Assert.Equal(cluster.Nodes.Keys.ToDictionary(key => key, key => cluster.Nodes[key].Url), Urls(members));
            Assert.All(members.Values, member => Assert.Equal("up", TextOf("status")(member)));
            Assert.All(members.Values, member => Assert.True(member.GetProperty("reachable").GetBoolean()));
            Assert.Equal(members.Count, members.Values.Select(TextOf("address")).Distinct().Count());
            Assert.Equal(await cluster.OwnersAsync("a"), await cluster.OwnersAsync(id));
            Assert.Contains(
                $"courserec_cluster_nodes{{role=\"gateway\"}} {cluster.Nodes.Count}\n",
                await ReadAsync(node, "metrics"),
                StringComparison.Ordinal
            );
        }

        static Dictionary<string, Uri> Urls(Dictionary<string, JsonElement> members) =>
            members.ToDictionary(member => member.Key, member => new Uri(TextOf("url")(member.Value)));
    }

    [Fact]
    public async Task While_cassandra_is_away_users_in_memory_are_served_by_every_node()
    {
        var users = Users(8);
        using var any = new NodeClient(cluster.Nodes["a"].Url);
        await any.PostAsync([.. users.Select(user => Event(user, "before"))], CancellationToken.None);
        foreach (var user in users)
            await AppliedAsync(cluster.Nodes["d"], user, 1);
        using (cluster.HaltCassandra())
        {
            await any.PostAsync([.. users.Select(user => Event(user, "meanwhile"))], CancellationToken.None);
            foreach (var node in cluster.Nodes.Values)
            foreach (var user in users)
                await AppliedAsync(node, user, 2);
        }
        await cluster.SettledAsync("a", "b", "c");
    }

    /// <summary>Watches users through the nodes, by turns, and waits for everybody's first list.</summary>
    private static async Task<Watchers> WatchAsync(string[] users, NodeProcess[] nodes, string? transport = null)
    {
        var watchers = Watchers.Start(transport: transport);
        foreach (var (i, user) in users.Index())
            watchers.Watch(user, [nodes[i % nodes.Length].Url]);
        await watchers.AllAsync(user => user.Last is not null, "see a list", ListLimit);
        return watchers;
    }

    /// <summary>Users connected once, and nothing became of their connections since.</summary>
    private static void AssertKept(IEnumerable<WatchedUser> users) =>
        Assert.All(users, user => Assert.True(user.ChangesSince(0) is [{ Kind: "connected" }], user.Story));

    /// <summary>Waits until everybody has seen a list that was made from now on.</summary>
    private static Task PushedAsync(Watchers watchers)
    {
        var before = watchers.Users.ToDictionary(user => user.Name, user => user.Last!.Value.Offset);
        return watchers.AllAsync(user => user.Last!.Value.Offset > before[user.Name] + 1, "get lists", ListLimit);
    }

    private void Report(string what, IEnumerable<WatchedUser> users, long from)
    {
        var gaps = users.Select(user => user.GapsSince(from).Select(gap => gap.To - gap.From).DefaultIfEmpty().Max());
        output.WriteLine($"{what}: {gaps.Count()} users, longest without a push {gaps.Max():N0} ms");
    }

    private string[] Users(int count) => [.. Enumerable.Range(0, count).Select(i => $"{_run}u{i}")];

    /// <summary>New users, by the node that serves them; their names have something in them.</summary>
    private async Task<ILookup<string, string>> UsersByOwnerAsync(string name)
    {
        var owners = await cluster.OwnersAsync("d");
        return Users(60)
            .Select(user => $"{user}{name}")
            .ToLookup(user => owners![Partitioner.PartitionOf(user, owners.Length)]);
    }

    private static TestEvent Event(string user, string name) =>
        new($"{user}-{name}", user, $"{user}-{name}", "enroll", TimeProvider.System.GetUtcNow());

    /// <summary>The user's session as a node answers it, once it has this many events.</summary>
    private static async Task<TestSession?> AppliedAsync(NodeProcess node, string user, long events)
    {
        using var client = new NodeClient(node.Url);
        return await Eventually.BecomesAsync(
            () => client.TrySessionAsync(user),
            session => session?.Applied == events,
            $"{user} has {events} events at {node.Url}",
            AnswerLimit
        );
    }

    private static async Task<string> ReadAsync(NodeProcess node, string path)
    {
        using var http = new HttpClient { BaseAddress = node.Url };
        return await http.GetStringAsync(path);
    }

    private static Func<JsonElement, string> TextOf(string name) => element => element.GetProperty(name).GetString()!;
}
