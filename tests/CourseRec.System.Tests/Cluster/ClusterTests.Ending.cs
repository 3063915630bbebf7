using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Cluster;

public sealed partial class ClusterTests
{
    private static readonly TimeSpan WritersPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WritersLimit = TimeSpan.FromMinutes(6);

    /// <summary>The coordinator is on the oldest node: a's end in order takes it along, as does one of the kills.</summary>
    [Fact]
    public async Task Users_of_a_node_that_ends_get_pushes_again_and_every_event_is_applied_once()
    {
        var ends = cluster.Ends.Count;
        using var giveUp = new CancellationTokenSource(WritersLimit);
        using var stop = new CancellationTokenSource();
        CrashWriter[] writers =
        [
            .. cluster.Nodes.Select(node => new CrashWriter($"{_run}{node.Key}", node.Value.Url, WritersPause)),
        ];
        var writing = Task.WhenAll(writers.Select(writer => writer.RunAsync(stop.Token, giveUp.Token)));

        await EndAndStartAgainAsync("a", Signals.Terminate, exitCode: 0);
        await EndAndStartAgainAsync("b", Signals.Kill, exitCode: 137);
        await EndAndStartAgainAsync("c", Signals.Kill, exitCode: 137);

        await stop.CancelAsync();
        await writing;
        foreach (var user in writers.SelectMany(writer => writer.Users))
        {
            var session = await AppliedAsync(cluster.Nodes["d"], user, CrashWriter.CoursesOf(user).Count());
            Assert.Equal(CrashWriter.CoursesOf(user), session!.History.Select(entry => entry.Course));
        }
        Assert.Equal(ends, cluster.Ends.Count);
        await cluster.EndAndVerifyAsync();
        output.WriteLine($"{writers.Sum(writer => writer.Users.Count)} users' events are applied, each once");
    }

    [Fact]
    public async Task A_rolling_restart_costs_no_event_and_sockets_on_a_gateway_no_reconnect()
    {
        var users = Users(16);
        int beats;
        await using (var watchers = await WatchAsync(users, [cluster.Nodes["d"]]))
        await using (var pulse = new Pulse(cluster.Nodes["d"].Url, users))
        {
            foreach (var id in (string[])["a", "b", "c"])
            {
                var began = Now();
                Assert.Equal(0, await cluster.EndAsync(id, Signals.Terminate));
                await cluster.StartAsync(id);
                await cluster.SettledAsync("a", "b", "c");
                await PushedAsync(watchers);
                Report($"{id} restarts in order: everybody", watchers.Users, began);
            }
            AssertKept(watchers.Users);
            beats = await pulse.EndAsync();
        }
        foreach (var user in users)
            await AppliedAsync(cluster.Nodes["a"], user, beats);
    }

    [Fact]
    public async Task A_node_that_joins_takes_partitions_and_gives_them_back_and_nobody_reconnects()
    {
        var users = Users(16);
        int beats;
        await using (var watchers = await WatchAsync(users, [.. cluster.Nodes.Values]))
        await using (var pulse = new Pulse(cluster.Nodes["d"].Url, users))
        {
            var began = Now();
            await cluster.StartAsync("e");
            await cluster.SettledAsync("a", "b", "c", "e");
            await PushedAsync(watchers);
            Report("a fourth node joins: everybody", watchers.Users, began);

            began = Now();
            Assert.Equal(0, await cluster.EndAsync("e", Signals.Terminate));
            await cluster.SettledAsync("a", "b", "c");
            await PushedAsync(watchers);
            Report("it leaves: everybody", watchers.Users, began);
            AssertKept(watchers.Users);
            beats = await pulse.EndAsync();
        }
        foreach (var user in users)
            await AppliedAsync(cluster.Nodes["b"], user, beats);
    }

    /// <summary>
    /// Ends a node while its users are watched, and starts it again. Sockets on other nodes stay; those on this one are
    /// connected again elsewhere.
    /// </summary>
    private async Task EndAndStartAgainAsync(string id, int signal, int exitCode)
    {
        var stay = cluster.Nodes.Where(node => node.Key != id).Select(node => node.Value).ToArray();
        var owned = await UsersByOwnerAsync(id);
        string[] its = [.. owned[id].Take(8)];
        string[] others = [.. owned.Where(users => users.Key != id).SelectMany(users => users.Take(4))];
        string[] users = [.. its, .. others];
        var landed = users.Index().Where(user => user.Index % 3 == 0).Select(user => user.Item).ToHashSet();
        Assert.NotEmpty(its);
        await using var watchers = Watchers.Start();
        foreach (var (i, user) in users.Index())
        {
            var other = stay[i % stay.Length].Url;
            watchers.Watch(user, landed.Contains(user) ? [cluster.Nodes[id].Url, other] : [other]);
        }
        await watchers.AllAsync(user => user.Last is not null, "see a list", ListLimit);
        await using var pulse = new Pulse(cluster.Nodes["d"].Url, users);
        await PushedAsync(watchers);

        var began = Now();
        Assert.Equal(exitCode, await cluster.EndAsync(id, signal));
        await cluster.SettledAsync([.. ((string[])["a", "b", "c"]).Except([id])]);
        await PushedAsync(watchers);
        Report($"{id} ends by signal {signal}: its users", its.Except(landed).Select(user => watchers[user]), began);
        Report("the others", others.Except(landed).Select(user => watchers[user]), began);

        await cluster.StartAsync(id);
        await cluster.SettledAsync("a", "b", "c");
        await PushedAsync(watchers);
        AssertKept(users.Except(landed).Select(user => watchers[user]));
        Assert.All(landed, user => Assert.True(watchers[user].Connections > 1, watchers[user].Story));
        Assert.All(watchers.Users, user => Assert.Null(user.WentBack));
        var beats = await pulse.EndAsync();
        foreach (var user in users)
            await AppliedAsync(cluster.Nodes[id], user, beats);
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
