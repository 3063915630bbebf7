using System.Collections.Concurrent;
using System.Net;
using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Cluster;

/// <content>Nodes that the others do not hear: of two that take themselves for a user's owner, one answers.</content>
public sealed partial class ClusterTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task A_node_that_was_frozen_past_the_others_patience_answers_nothing_stale_ends_and_comes_back()
    {
        var wary = await cluster.StartAsync("e", "--roles", "gateway", "--set", "Cluster:WaitForOwner=100ms");
        await cluster.SettledAsync("a", "b", "c");
        var frozen = cluster.Nodes["b"];
        string[] users = [.. (await UsersByOwnerAsync("frozen"))["b"].Take(4)];
        using var other = new NodeClient(cluster.Nodes["a"].Url);
        await other.PostAsync([.. users.Select(user => Event(user, "before"))], CancellationToken.None);
        foreach (var user in users)
            await AppliedAsync(frozen, user, 1);

        Task<string?>[] asked;
        frozen.Freeze();
        try
        {
            await NobodyServesAsync(wary, users[0]);
            await cluster.SettledAsync("a", "c");
            await other.PostAsync([.. users.Select(user => Event(user, "meanwhile"))], CancellationToken.None);
            foreach (var user in users)
                await AppliedAsync(cluster.Nodes["c"], user, 2);
            // Connected by the system, to be answered by the process when it wakes.
            asked = [.. users.Select(user => TryReadAsync(frozen, $"v1/users/{user}"))];
        }
        finally
        {
            frozen.Thaw();
        }

        foreach (var answer in await Task.WhenAll(asked))
            if (answer is not null)
                Assert.Contains("\"applied\":2,", answer, StringComparison.Ordinal);
        Assert.Equal(NodeEnd.StartAgain, await frozen.Ended.Briefly());
        Assert.NotEmpty(frozen.LinesWith("this node stood still for"));
        await cluster.SettledAsync("a", "b", "c");
        foreach (var user in users)
            await AppliedAsync(cluster.Nodes["b"], user, 2);
        Assert.Equal(0, await cluster.EndAsync("e", Signals.Terminate));
        await cluster.SettledAsync("a", "b", "c");
    }

    [Fact]
    public async Task A_node_that_is_cut_off_from_the_others_never_answers_after_them_and_ends_and_comes_back()
    {
        var lone = cluster.Nodes["c"];
        string[] users = [.. (await UsersByOwnerAsync("cut"))["c"].Take(4)];
        using var other = new NodeClient(cluster.Nodes["a"].Url);
        await other.PostAsync([.. users.Select(user => Event(user, "before"))], CancellationToken.None);
        foreach (var user in users)
            await AppliedAsync(lone, user, 1);

        using var stop = new CancellationTokenSource();
        cluster.Links.Cut("c");
        try
        {
            var late = AnswersAsync(lone, users, stop.Token);
            var first = await FirstAnswerAsync(cluster.Nodes["a"], users);
            await other.PostAsync([.. users.Select(user => Event(user, "meanwhile"))], CancellationToken.None);
            foreach (var user in users)
                await AppliedAsync(cluster.Nodes["b"], user, 2);
            Assert.Equal(NodeEnd.StartAgain, await lone.Ended.Briefly());
            await stop.CancelAsync();
            var last = (await late).DefaultIfEmpty(long.MinValue).Max();
            Assert.True(last < first, $"the node that was cut off answered {last - first} ms after another one");
        }
        finally
        {
            await stop.CancelAsync();
            cluster.Links.Join();
        }
        await cluster.SettledAsync("a", "b", "c");
        foreach (var user in users)
            await AppliedAsync(cluster.Nodes["c"], user, 2);
    }

    /// <summary>A node that finds no owner in time says when to ask again.</summary>
    private static async Task NobodyServesAsync(NodeProcess node, string user)
    {
        using var http = new HttpClient { BaseAddress = node.Url };
        using var answer = await http.GetAsync($"v1/users/{user}");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    /// <summary>What a node answers with a success; null when it does not.</summary>
    private static async Task<string?> TryReadAsync(NodeProcess node, string path, CancellationToken stop = default)
    {
        using var http = new HttpClient { BaseAddress = node.Url };
        try
        {
            using var answer = await http.GetAsync(path, stop);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(stop) : null;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return null; // It has ended.
        }
    }

    /// <summary>Asks a node until it is stopped. Answers when the questions were asked that it answered.</summary>
    private static async Task<IEnumerable<long>> AnswersAsync(NodeProcess node, string[] users, CancellationToken stop)
    {
        var answered = new ConcurrentBag<long>();
        await Task.WhenAll(users.Select(AskAsync));
        return answered;

        async Task AskAsync(string user)
        {
            while (!stop.IsCancellationRequested)
            {
                if (await TryReadAsync(node, $"v1/users/{user}", stop) is not null)
                    answered.Add(Now());
                await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    /// <summary>Asks a node until it answers. Answers when it did, first of all users.</summary>
    private static async Task<long> FirstAnswerAsync(NodeProcess node, string[] users)
    {
        var answered = await Task.WhenAll(users.Select(AskAsync));
        return answered.Min();

        async Task<long> AskAsync(string user)
        {
            await AppliedAsync(node, user, 1);
            return Now();
        }
    }
}
