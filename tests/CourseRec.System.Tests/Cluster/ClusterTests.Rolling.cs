using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Cluster;

public sealed partial class ClusterTests
{
    [Fact]
    public async Task A_rolling_restart_of_all_nodes_loses_no_event_and_no_connection_for_longer_than_one_reconnect()
    {
        var redirects = await cluster.StartAsync("e", "--roles", "gateway");
        NodeProcess[] gateways = [cluster.Nodes["d"], redirects];
        var users = Users(16);
        int beats;
        await using (var watchers = await WatchAsync(users, gateways))
        await using (var pulse = new Pulse(redirects.Url, users))
        {
            foreach (var id in (string[])["a", "b", "c"])
            {
                var began = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
                Assert.Equal(0, await cluster.EndAsync(id, Signals.Terminate));
                await cluster.StartAsync(id);
                await cluster.SettledAsync("a", "b", "c");
                await PushedAsync(watchers);
                Report($"{id} restarts in order: everybody", watchers, users, began, LongestAfterCrash);
            }
            AssertNoneWasCutOff(watchers);
            beats = await pulse.EndAsync();
        }
        foreach (var user in users)
            await AppliedAsync(cluster.Nodes["a"], user, beats);
        Assert.Equal(0, await cluster.EndAsync("e", Signals.Terminate));
    }
}
