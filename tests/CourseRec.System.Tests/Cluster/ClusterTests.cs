using System.Net;
using CourseRec.SystemTests.Harness;
using Xunit.Abstractions;

namespace CourseRec.SystemTests.Cluster;

/// <summary>
/// Several nodes as one: a user is reached through any of them, and whatever becomes of one, the others go on with its
/// users.
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed partial class ClusterTests(TestCluster cluster, ITestOutputHelper output) : IClassFixture<TestCluster>
{
    private static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan ListLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WritersPause = TimeSpan.FromMilliseconds(500);

    // The figures are printed; what is asserted is that nobody waits for a time-out that a node which left in order
    // would spare them.
    private static readonly TimeSpan LongestAfterCrash = 3 * SessionTimeout;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly string _run = $"r{Guid.NewGuid():n}"[..7];

    [Fact]
    public async Task Everybody_is_reached_through_any_node_by_reads_writes_and_sockets()
    {
        var nodes = cluster.Nodes.Values.ToArray();
        var users = Users(12);
        await using var watchers = await WatchAsync(users, nodes);

        foreach (var (i, user) in users.Index())
        {
            using var any = new NodeClient(nodes[(i + 1) % 4].Url);
            await any.PostAsync([Event(user, "first")], CancellationToken.None);
            foreach (var node in nodes)
                await AppliedAsync(node, user, 1);
        }

        await watchers.AllAsync(user => user.Last?.Offset >= 0, "see what they did", ListLimit);
        await PagesOfOthersMayConnectAsync(nodes[0], nodes[1]);
        using var gateway = new HttpClient { BaseAddress = cluster.Nodes["d"].Url };
        Assert.Equal(HttpStatusCode.Accepted, (await gateway.DeleteAsync($"v1/users/{users[0]}")).StatusCode);
        foreach (var node in nodes)
            await AppliedAsync(node, users[0], 0);
        Assert.Contains(
            "\"items\"",
            await gateway.GetStringAsync($"v1/users/{users[1]}/recommendations?id=is.no-token-here"),
            StringComparison.Ordinal
        );
        Assert.Contains("\"course\"", await gateway.GetStringAsync("v1/popular"), StringComparison.Ordinal);
        await CountedAsync(nodes[0], "here", "forwarded", "redirected");
        await CountedAsync(cluster.Nodes["d"], "forwarded", "relayed");
    }

    [Fact]
    public async Task Users_of_a_node_that_ends_get_pushes_from_the_others_and_every_event_is_applied_once()
    {
        using var giveUp = new CancellationTokenSource(Limit);
        using var stop = new CancellationTokenSource();
        NodeProcess[] stay = [cluster.Nodes["b"], cluster.Nodes["c"]];
        var users = Users(24);
        CrashWriter[] writers = [.. stay.Select((node, i) => new CrashWriter($"{_run}w{i}", node.Url, WritersPause))];
        var writing = Task.WhenAll(writers.Select(writer => writer.RunAsync(stop.Token, giveUp.Token)));
        int beats;
        await using (var watchers = await WatchAsync(users, stay))
        await using (var pulse = new Pulse(stay[0].Url, users))
        {
            await MeasureAsync("SIGTERM", Signals.Terminate, watchers, users, SessionTimeout);
            AssertNoneWasCutOff(watchers);
            await MeasureAsync("kill -9", Signals.Kill, watchers, users, LongestAfterCrash);
            beats = await pulse.EndAsync();
        }
        await stop.CancelAsync();
        await writing;

        foreach (var user in users)
            await AppliedAsync(cluster.Nodes["a"], user, beats);
        foreach (var user in writers.SelectMany(writer => writer.Users))
        {
            var session = await AppliedAsync(cluster.Nodes["c"], user, CrashWriter.CoursesOf(user).Count());
            Assert.Equal(CrashWriter.CoursesOf(user), session!.History.Select(entry => entry.Course));
        }
        await cluster.EndAndVerifyAsync();
        output.WriteLine(
            $"{users.Length + writers.Sum(writer => writer.Users.Count)} users' events are applied, each once"
        );
    }

    [Fact]
    public async Task A_node_that_was_frozen_past_its_session_serves_nothing_stale_when_it_wakes()
    {
        var frozen = cluster.Nodes["a"];
        using var other = new NodeClient(cluster.Nodes["b"].Url);
        var users = await UsersOfAsync("a", 4);
        foreach (var user in users)
        {
            await other.PostAsync([Event(user, "before")], CancellationToken.None);
            await AppliedAsync(frozen, user, 1);
        }

        frozen.Freeze();
        try
        {
            await NobodyServesAsync(cluster.Nodes["d"], users[0]);
            foreach (var user in users)
            {
                await other.PostAsync([Event(user, "meanwhile")], CancellationToken.None);
                await AppliedAsync(cluster.Nodes["c"], user, 2);
            }
        }
        finally
        {
            frozen.Thaw();
        }

        using var http = new HttpClient { BaseAddress = frozen.Url, Timeout = TimeSpan.FromSeconds(20) };
        foreach (var user in users)
        {
            using var answer = await http.GetAsync($"v1/users/{user}");
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, text);
            if (answer.IsSuccessStatusCode)
                Assert.Contains("\"applied\":2,", text, StringComparison.Ordinal);
        }
        await cluster.SettledAsync("a", "b", "c");
    }

    [Fact]
    public async Task While_the_directory_is_away_nodes_go_on_with_what_they_saw()
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

    /// <summary>A node that finds no owner in time says when to ask again.</summary>
    private static async Task NobodyServesAsync(NodeProcess node, string user)
    {
        using var http = new HttpClient { BaseAddress = node.Url };
        using var answer = await http.GetAsync($"v1/users/{user}");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    /// <summary>Ends node a, and measures how long its users saw nothing; starts it again.</summary>
    private async Task MeasureAsync(string name, int signal, Watchers watchers, string[] users, TimeSpan allowed)
    {
        var owners = await Task.WhenAll(users.Select(user => cluster.OwnerOfAsync(user, "b")));
        var its = users.Where((_, i) => owners[i] == "a").ToArray();
        Assert.NotEmpty(its);
        var began = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await cluster.EndAsync("a", signal);
        await cluster.SettledAsync("b", "c");
        await PushedAsync(watchers);
        Report($"{name}: a's users", watchers, its, began, allowed);
        Report($"{name}: the others", watchers, [.. users.Except(its)], began, allowed);

        began = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await cluster.StartAsync("a");
        await cluster.SettledAsync("a", "b", "c");
        await PushedAsync(watchers);
        Report("a comes back: everybody", watchers, users, began, LongestAfterCrash);
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

    /// <summary>Clients were asked to connect again, and saw no error.</summary>
    private static void AssertNoneWasCutOff(Watchers watchers) => Assert.NotEmpty(AssertNoErrors(watchers));

    /// <summary>Whatever befell a connection, its client was asked to connect again. Answers all of that.</summary>
    private static Change[] AssertNoErrors(Watchers watchers)
    {
        var changes = watchers
            .Users.SelectMany(user => user.ChangesSince(0))
            .Where(change => change.Kind != "connected")
            .ToArray();
        Assert.All(changes, change => Assert.Equal(("reconnecting", null), (change.Kind, change.Detail)));
        return changes;
    }

    /// <summary>Waits until everybody has seen a list that was made from now on.</summary>
    private static Task PushedAsync(Watchers watchers)
    {
        var before = watchers.Users.ToDictionary(user => user.Name, user => user.Last!.Value.Offset);
        return watchers.AllAsync(user => user.Last!.Value.Offset > before[user.Name] + 1, "get lists", ListLimit);
    }

    private void Report(string what, Watchers watchers, string[] users, long from, TimeSpan allowed)
    {
        var gaps = users
            .Select(user => (User: watchers[user], Gap: LongestGap(watchers[user], from)))
            .OrderBy(u => u.Gap)
            .ToArray();
        var (worst, gap) = gaps[^1];
        output.WriteLine($"{what}: {gaps.Length} users, longest without a push {gap.TotalMilliseconds:N0} ms");
        Assert.True(gap <= allowed, $"{what}: {worst.Name} saw nothing for {gap}: {worst.Story}");
    }

    private static TimeSpan LongestGap(WatchedUser user, long from)
    {
        var gaps = user.GapsSince(from).Select(gap => TimeSpan.FromMilliseconds(gap.To - gap.From));
        return gaps.DefaultIfEmpty(TimeSpan.MaxValue).Max();
    }

    /// <summary>A page that came from one node may negotiate with another, as browsers ask beforehand.</summary>
    private static async Task PagesOfOthersMayConnectAsync(NodeProcess page, NodeProcess hub)
    {
        using var http = new HttpClient();
        using var question = new HttpRequestMessage(
            HttpMethod.Options,
            new Uri(hub.Url, "/hubs/recommendations/negotiate?user=u")
        );
        var origin = page.Url.GetLeftPart(UriPartial.Authority);
        question.Headers.Add("Origin", origin);
        question.Headers.Add("Access-Control-Request-Method", "POST");
        question.Headers.Add("Access-Control-Request-Headers", "x-requested-with,x-signalr-user-agent");
        using var answer = await http.SendAsync(question);
        Assert.Equal(origin, answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("true", answer.Headers.GetValues("Access-Control-Allow-Credentials").Single());
    }

    /// <summary>A node's metrics say that requests went these ways.</summary>
    private static async Task CountedAsync(NodeProcess node, params string[] ways)
    {
        using var http = new HttpClient { BaseAddress = node.Url };
        var metrics = await http.GetStringAsync("metrics");
        Assert.Contains("courserec_cluster_nodes{role=\"gateway\"} 4\n", metrics, StringComparison.Ordinal);
        foreach (var way in ways)
            Assert.Contains($"courserec_cluster_requests_total{{way=\"{way}\"}} ", metrics, StringComparison.Ordinal);
    }

    private string[] Users(int count) => [.. Enumerable.Range(0, count).Select(i => $"{_run}u{i}")];

    /// <summary>New users whose partitions a node serves.</summary>
    private async Task<string[]> UsersOfAsync(string owner, int count)
    {
        var owners = new List<string>();
        foreach (var user in Users(100))
        {
            if (owners.Count < count && await cluster.OwnerOfAsync(user, "b") == owner)
                owners.Add(user);
        }
        return [.. owners];
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
            TimeSpan.FromSeconds(30)
        );
    }
}
