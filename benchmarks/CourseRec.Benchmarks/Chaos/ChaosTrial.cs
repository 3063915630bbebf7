using System.Diagnostics;
using CourseRec.Benchmarks.Harness;

namespace CourseRec.Benchmarks.Chaos;

/// <summary>A cluster under load while a schedule is carried out, and the checks in the end.</summary>
internal sealed class ChaosTrial : IDisposable
{
    private const int Platforms = 8;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);
    private readonly LocalServers _servers;
    private readonly NodeCluster _cluster;
    private readonly Watchers _watchers;
    private readonly Action<string> _say;
    private readonly ChaosMonkey _monkey;
    private readonly SeenSessions _seen = new();
    private readonly Onlookers _onlookers;
    private readonly List<Disturbance> _disturbances = [];
    private readonly List<string> _findings = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _giveUp = new();
    private Task _load = Task.CompletedTask;
    private Task _reading = Task.CompletedTask;

    public ChaosTrial(LocalServers servers, NodeCluster cluster, Watchers watchers, Action<string> say)
    {
        (_servers, _cluster, _watchers, _say) = (servers, cluster, watchers, say);
        _monkey = new(cluster, servers, watchers);
        _onlookers = new(watchers, Ledger, _seen);
    }

    /// <summary>What the platforms know.</summary>
    public Ledger Ledger { get; } = new();

    /// <summary>What the actions did.</summary>
    public IReadOnlyList<Disturbance> Disturbances => _disturbances;

    /// <summary>Users who are watched.</summary>
    public int WatchedUsers => _watchers.Users.Count;

    /// <summary>Sessions read.</summary>
    public long Reads => _seen.Answers;

    /// <summary>Reads that were refused, or not answered.</summary>
    public long ReadsRefused => _onlookers.Refused;

    /// <summary>What did not hold.</summary>
    public IReadOnlyList<string> Findings => _findings;

    /// <summary>Starts the nodes, the load, and the browsers.</summary>
    /// <exception cref="ProcessException">It does not come to run.</exception>
    public async Task StartAsync(CancellationToken cancel)
    {
        // The first one makes what is still missing in Kafka and Cassandra.
        await _cluster.StartAsync(ChaosSchedule.Nodes[0], cancel);
        await Task.WhenAll(ChaosSchedule.Nodes.Skip(1).Select(node => _cluster.StartAsync(node, cancel)));
        await _cluster.SettledAsync(ChaosSchedule.Nodes, StartLimit, cancel);
        var platforms = Enumerable
            .Range(0, Platforms)
            .Select(i => new Platform(i, _cluster, Ledger, _onlookers))
            .ToArray();
        _load = Task.WhenAll(platforms.Select(RunAsync));
        foreach (var (i, user) in platforms.SelectMany(platform => platform.WatchedUsers).Index())
            _watchers.Watch(user, Enumerable.Range(i, 3).Select(n => _cluster.UrlOf(ChaosSchedule.Nodes[n % 3])));
        await _watchers.AllAsync(user => user.Last?.Offset >= 0, "get a list", StartLimit, cancel);
        _reading = _onlookers.RunAsync(
            [.. ChaosSchedule.Nodes.Select(_cluster.UrlOf)],
            [.. platforms.SelectMany(platform => platform.WatchedUsers)],
            _stop.Token
        );
    }

    /// <summary>Carries out a schedule, to its end or until something does not hold.</summary>
    public async Task DisturbAsync(IReadOnlyList<ChaosAction> schedule, TimeSpan duration, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            foreach (var action in schedule.TakeWhile(_ => Stopwatch.GetElapsedTime(began) < duration))
            {
                _say(action.ToString());
                _disturbances.Add(await _monkey.DoAsync(action, cancel));
                _say($"  {ChaosReport.Describe(_disturbances[^1])}");
                _disturbances.Add(await _monkey.PauseAsync(action.Pause, cancel));
            }
        }
        catch (ProcessException e)
        {
            Note(e.Message);
        }
    }

    /// <summary>Ends the load and compares; ends the nodes and compares again. Null: it did not come to that.</summary>
    public async Task<StoredChecks?> EndAsync(CancellationToken cancel)
    {
        try
        {
            _say("Every accepted event is looked for");
            await StopLoadAsync();
            await _monkey.SettledAsync(cancel);
            using var served = new ServedChecks(_cluster, Ledger, _watchers);
            _findings.AddRange(await served.FindAsync(cancel));
            _findings.AddRange(_seen.Findings);
            _findings.AddRange(_cluster.Ends.Where(end => !end.IsStartedAgain).Select(Describe));
            foreach (var node in _cluster.Nodes.Keys)
                await _monkey.EndAsync(node, Signals.Terminate);
            var dataDir = _cluster.FolderOf(ChaosSchedule.Nodes[0]);
            var stored = await StoredChecks.RunAsync(_servers, Ledger, dataDir, cancel);
            _findings.AddRange(stored.Findings);
            return stored;
        }
        catch (ProcessException e)
        {
            Note(e.Message);
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _onlookers.Dispose();
        _stop.Dispose();
        _giveUp.Dispose();
    }

    private static string Describe(NodeEnd end) =>
        $"{end.Id} ended by itself ({end.Code?.ToString() ?? "could not be started again"}): {end.Said}";

    private async Task RunAsync(Platform platform)
    {
        using (platform)
            await platform.RunAsync(_stop.Token, _giveUp.Token);
    }

    private async Task StopLoadAsync()
    {
        await _stop.CancelAsync();
        _giveUp.CancelAfter(StopLimit);
        try
        {
            await _load;
            await _reading;
        }
        catch (OperationCanceledException e)
        {
            throw new ProcessException($"Events were not acknowledged in {StopLimit.TotalSeconds} s, by no node.", e);
        }
    }

    private void Note(string finding)
    {
        _findings.Add(finding);
        _say($"does not hold: {finding}");
    }
}
