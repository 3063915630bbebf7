using CourseRec.Benchmarks.Harness;

namespace CourseRec.Benchmarks.Chaos;

/// <summary>Does what a schedule says, and waits until the cluster has recovered.</summary>
internal sealed class ChaosMonkey(NodeCluster cluster, LocalServers servers, Watchers watchers)
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(90);

    // The client's own patience with a server that says nothing is 30 s.
    private static readonly TimeSpan PushLimit = TimeSpan.FromSeconds(60);

    /// <summary>Does it, and waits until every node sees the same owners and everybody gets pushes again.</summary>
    /// <exception cref="ProcessException">It did not come to that in time; the message says what was seen.</exception>
    public async Task<Disturbance> DoAsync(ChaosAction action, CancellationToken cancel)
    {
        var began = Now();
        await (
            action.Kind switch
            {
                ChaosKind.Kill => RestartAsync(action, Signals.Kill, cancel),
                ChaosKind.Terminate => RestartAsync(action, Signals.Terminate, cancel),
                ChaosKind.Freeze => FreezeAsync(action, cancel),
                ChaosKind.Join => JoinAsync(action, cancel),
                ChaosKind.Rolling => RollAsync(cancel),
                ChaosKind.StopBroker or ChaosKind.KillBroker => RestartAsync(action, servers.Kafka, cancel),
                _ => RestartAsync(action, servers.Cassandra, cancel),
            }
        );
        var away = TimeSpan.FromMilliseconds(Now() - began);
        await RecoveredAsync(cancel);
        return Disturbance.Since(began, action, away, watchers.Users);
    }

    /// <summary>Lets everything run for a while.</summary>
    public async Task<Disturbance> PauseAsync(TimeSpan pause, CancellationToken cancel)
    {
        var began = Now();
        await WaitAsync(pause, cancel);
        await PushedAsync(cancel);
        return Disturbance.Since(began, null, TimeSpan.Zero, watchers.Users);
    }

    private async Task RecoveredAsync(CancellationToken cancel)
    {
        await SettledAsync(cancel);
        await PushedAsync(cancel);
    }

    /// <summary>Waits until every node sees the same owners.</summary>
    /// <exception cref="ProcessException">It did not come to that in time; the message says what was seen.</exception>
    public Task SettledAsync(CancellationToken cancel) =>
        cluster.SettledAsync(ChaosSchedule.Nodes, SettleLimit, cancel);

    private Task PushedAsync(CancellationToken cancel)
    {
        var from = Now();
        return watchers.AllAsync(user => user.Last?.At > from, "get a push again", PushLimit, cancel);
    }

    private async Task RestartAsync(ChaosAction action, int signal, CancellationToken cancel)
    {
        await EndAsync(action.Node!, signal);
        await WaitAsync(action.Away, cancel);
        await cluster.StartAsync(action.Node!, cancel);
    }

    private async Task RestartAsync(ChaosAction action, LocalServer server, CancellationToken cancel)
    {
        await (
            action.Kind is ChaosKind.StopBroker or ChaosKind.StopCassandra ? server.StopAsync() : server.KillAsync()
        );
        await WaitAsync(action.Away, cancel);
        await server.StartAsync(cancel);
    }

    private async Task FreezeAsync(ChaosAction action, CancellationToken cancel)
    {
        cluster.Nodes[action.Node!].Freeze();
        await WaitAsync(action.Away, cancel);
        cluster.Nodes[action.Node!].Thaw();
    }

    private async Task JoinAsync(ChaosAction action, CancellationToken cancel)
    {
        await cluster.StartAsync(action.Node!, cancel);
        await cluster.SettledAsync([.. ChaosSchedule.Nodes, action.Node!], SettleLimit, cancel);
        await WaitAsync(action.Away, cancel);
        await EndAsync(action.Node!, Signals.Terminate);
    }

    private async Task RollAsync(CancellationToken cancel)
    {
        foreach (var node in ChaosSchedule.Nodes)
        {
            await EndAsync(node, Signals.Terminate);
            await cluster.StartAsync(node, cancel);
            await RecoveredAsync(cancel);
        }
    }

    /// <summary>Ends a node.</summary>
    /// <exception cref="ProcessException">It did not end, or not in good order.</exception>
    public async Task EndAsync(string node, int signal)
    {
        var code = await cluster.EndAsync(node, signal);
        if (signal == Signals.Terminate && code != 0)
            throw new ProcessException($"{node} ended with {code} after SIGTERM.");
    }

    private static Task WaitAsync(TimeSpan time, CancellationToken cancel) =>
        Task.Delay(time, TimeProvider.System, cancel);

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
