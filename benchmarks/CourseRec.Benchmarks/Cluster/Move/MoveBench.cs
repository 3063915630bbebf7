using System.Diagnostics;
using CourseRec.Actors;
using CourseRec.Cli;

namespace CourseRec.Benchmarks.Cluster.Move;

/// <summary>
/// Watched users of three nodes, with the official JavaScript client as it is, while one node leaves (SIGTERM), comes
/// back, and is killed. A gentle load touches everybody; sockets are on the two nodes that stay, as on gateways, and a
/// third of the partitions moves. Nothing is trained.
/// </summary>
internal sealed class MoveBench : IAsyncDisposable
{
    private const string Goes = "a";
    private const int UsersAProcess = 5_000;
    private static readonly string[] Stay = ["b", "c"];
    private static readonly string[] All = [Goes, .. Stay];
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(20); // in which everybody is touched once
    private static readonly TimeSpan LeastPhase = TimeSpan.FromSeconds(4);
    private const int LeastRate = 50;
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromMinutes(5);
    private readonly NodeCluster _cluster;
    private readonly Watchers _watchers;
    private readonly TimeSpan _phase;
    private readonly int _rate;
    private readonly CancellationToken _cancel;
    private GentleLoad _load = null!;

    private MoveBench(NodeCluster cluster, ClusterPlan plan, CancellationToken cancel)
    {
        _cluster = cluster;
        _watchers = Watchers.Start((plan.Users + UsersAProcess - 1) / UsersAProcess);
        _rate = Math.Max(LeastRate, (int)(plan.Users / Round.TotalSeconds));
        var phase = 1.5 * plan.Users / _rate;
        _phase = TimeSpan.FromSeconds(Math.Max(LeastPhase.TotalSeconds, phase));
        _cancel = cancel;
    }

    /// <summary>Measures.</summary>
    public static async Task<MoveReport> RunAsync(
        ClusterStage stage,
        ClusterPlan plan,
        Action<string> say,
        CancellationToken cancel
    )
    {
        var cluster = await stage.StartAsync(All, ClusterBench.Partitions, cancel);
        await using var bench = new MoveBench(cluster, plan, cancel);
        say($"nothing yet: {plan.Users:N0} users connect");
        return await bench.RunAsync(plan.Users, say);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _load?.Dispose();
        await _watchers.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    private async Task<MoveReport> RunAsync(int users, Action<string> say)
    {
        var (began, memory, used) = (Stopwatch.GetTimestamp(), Memory(), Used());
        for (var i = 0; i < users; i++)
            _watchers.Watch($"moving-{i:00000}", [_cluster.UrlOf(Stay[i % Stay.Length])]);
        await _watchers.AllAsync(user => user.Last is not null, "see a list", ConnectLimit, _cancel);
        var connecting = Stopwatch.GetElapsedTime(began);
        var each = 1000.0 / users;
        var (nodes, browsers) = Since(used);
        _load = new([.. _watchers.Users], _cluster.UrlOf(Stay[0]), _rate);
        await _load.SendAsync(_phase, _cancel);
        var bytes = (double)(Memory() - memory) / users;
        return new(
            users,
            _rate,
            connecting,
            bytes,
            nodes.TotalSeconds * each,
            browsers.TotalSeconds * each,
            [
                await PhaseAsync("nothing moves", say, All, () => Task.CompletedTask),
                await PhaseAsync(
                    "a node leaves (SIGTERM)",
                    say,
                    Stay,
                    () => _cluster.EndAsync(Goes, Signals.Terminate)
                ),
                await PhaseAsync("it comes back", say, All, () => _cluster.StartAsync(Goes, _cancel)),
                await PhaseAsync("it is killed (kill -9)", say, Stay, () => _cluster.EndAsync(Goes, Signals.Kill)),
            ]
        );
    }

    private async Task<MovePhase> PhaseAsync(string name, Action<string> say, string[] owners, Func<Task> act)
    {
        say(name);
        var before = await NodeFigures.ReadAsync(_cluster, NodeFigures.Refused, _cancel);
        var (refused, used) = (_load.Refused, Used());
        var ownersBefore = await OwnersAsync();
        var began = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var loading = _load.SendAsync(_phase, _cancel);
        await act();
        await _cluster.SettledAsync(owners, SettleLimit, _cancel);
        var touches = await loading;
        await _watchers.AllAsync(user => !user.IsAway, "come back", SettleLimit, _cancel);
        var ownersAfter = await OwnersAsync();
        var (nodes, _) = Since(used);
        var after = await NodeFigures.ReadAsync(_cluster, NodeFigures.Refused, _cancel);
        return MovePhase.Of(
            name,
            began,
            touches,
            [.. _watchers.Users],
            user => ownersBefore(user) != ownersAfter(user),
            _load.Refused - refused + NodeFigures.Since(before, after),
            nodes.TotalSeconds
        );
    }

    /// <summary>The node that serves a user.</summary>
    private async Task<Func<string, string>> OwnersAsync()
    {
        var seen =
            await _cluster.OwnersAsync(Stay[0], _cancel)
            ?? throw new CliException($"{_cluster.UrlOf(Stay[0])} does not say who serves what.");
        return user => seen[Partitioner.PartitionOf(user, ClusterBench.Partitions)];
    }

    /// <summary>Processor time used so far: of each node that runs, and of the browsers.</summary>
    private (Dictionary<NodeProcess, TimeSpan> Nodes, TimeSpan Browsers) Used() =>
        (_cluster.Nodes.Values.ToDictionary(node => node, node => node.ProcessorTime), _watchers.ProcessorTime);

    /// <summary>Processor time used since then, by the nodes that run now and by the browsers.</summary>
    private (TimeSpan Nodes, TimeSpan Browsers) Since((Dictionary<NodeProcess, TimeSpan> Nodes, TimeSpan Browsers) then)
    {
        var (nodes, browsers) = Used();
        var more = nodes.Sum(node => (node.Value - then.Nodes.GetValueOrDefault(node.Key)).TotalSeconds);
        return (TimeSpan.FromSeconds(more), browsers - then.Browsers);
    }

    private long Memory() => _cluster.Nodes.Values.Sum(node => node.WorkingSet);
}
