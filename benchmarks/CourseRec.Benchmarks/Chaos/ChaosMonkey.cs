using CourseRec.Benchmarks.Harness;

namespace CourseRec.Benchmarks.Chaos;

/// <summary>Does what a schedule says, and waits until the cluster has recovered.</summary>
internal sealed class ChaosMonkey(NodeCluster cluster, LocalServers servers, Watchers watchers)
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

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
                ChaosKind.Freeze => FreezeAsync(action, began, cancel),
                ChaosKind.FreezeBriefly => FreezeAsync(action, cancel),
                ChaosKind.Cut => CutAsync(action, cancel),
                ChaosKind.Join => JoinAsync(action, cancel),
                ChaosKind.Rolling => RollAsync(cancel),
                ChaosKind.StopBroker or ChaosKind.KillBroker => RestartAsync(action, servers.Kafka, cancel),
                ChaosKind.FreezeBroker => FreezeAsync(action, servers.Kafka, cancel),
                ChaosKind.FreezeCassandra => FreezeAsync(action, servers.Cassandra, cancel),
                _ => RestartAsync(action, servers.Cassandra, cancel),
            }
        );
        var away = TimeSpan.FromMilliseconds(Now() - began);
        await RecoveredAsync(cancel);
        return Disturbance.Since(began, action, away, EndedSince(began), watchers.Users);
    }

    /// <summary>Lets everything run for a while.</summary>
    public async Task<Disturbance> PauseAsync(TimeSpan pause, CancellationToken cancel)
    {
        var began = Now();
        await WaitAsync(pause, cancel);
        await PushedAsync(cancel);
        return Disturbance.Since(began, null, TimeSpan.Zero, EndedSince(began), watchers.Users);
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
        var node = cluster.Nodes[action.Node!];
        node.Freeze();
        await WaitAsync(action.Away, cancel);
        node.Thaw();
    }

    private async Task FreezeAsync(ChaosAction action, long began, CancellationToken cancel)
    {
        await FreezeAsync(action, cancel);
        await EndedAsync(action, began, cancel);
    }

    private static async Task FreezeAsync(ChaosAction action, LocalServer server, CancellationToken cancel)
    {
        server.Freeze();
        try
        {
            await WaitAsync(action.Away, cancel);
        }
        finally
        {
            server.Thaw();
        }
    }

    /// <summary>A node that the others took out meanwhile has ended; where the machine is slow, they may not have.</summary>
    private async Task CutAsync(ChaosAction action, CancellationToken cancel)
    {
        cluster.Links.Cut(action.Node!);
        try
        {
            await WaitAsync(action.Away, cancel);
        }
        finally
        {
            cluster.Links.Join();
        }
    }

    /// <summary>The node stood still for too long: it must have ended, and asked to be started again.</summary>
    private Task EndedAsync(ChaosAction action, long began, CancellationToken cancel) =>
        Patience.UntilAsync(
            () =>
                Task.FromResult(
                    cluster.Ends.Any(end =>
                        end is { Code: NodeEnd.StartAgain } && end.Id == action.Node && end.At >= began
                    )
                        ? null
                        : "it runs, or ended otherwise"
                ),
            $"{action}: the node did not end with exit code {NodeEnd.StartAgain}",
            EndLimit,
            cancel
        );

    private int EndedSince(long began) => cluster.Ends.Count(end => end.At >= began);

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
