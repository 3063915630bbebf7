using System.Diagnostics;
using CourseRec.Benchmarks.Harness;

namespace CourseRec.Benchmarks.Chaos;

/// <summary>A cluster under load while a schedule is carried out, and the checks in the end.</summary>
internal sealed class ChaosTrial(LocalServers servers, NodeCluster cluster, Watchers watchers, Action<string> say)
{
    private const int Platforms = 8;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);
    private readonly ChaosMonkey _monkey = new(cluster, servers, watchers);
    private readonly List<Disturbance> _disturbances = [];
    private readonly List<string> _findings = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _giveUp = new();
    private Task _load = Task.CompletedTask;

    /// <summary>What the platforms know.</summary>
    public Ledger Ledger { get; } = new();

    /// <summary>What the actions did.</summary>
    public IReadOnlyList<Disturbance> Disturbances => _disturbances;

    /// <summary>Users who are watched.</summary>
    public int WatchedUsers => watchers.Users.Count;

    /// <summary>What did not hold.</summary>
    public IReadOnlyList<string> Findings => _findings;

    /// <summary>Starts the nodes, the load, and the browsers.</summary>
    /// <exception cref="ProcessException">It does not come to run.</exception>
    public async Task StartAsync(CancellationToken cancel)
    {
        // The first one makes what is still missing in Kafka and Cassandra.
        await cluster.StartAsync(ChaosSchedule.Nodes[0], cancel);
        await Task.WhenAll(ChaosSchedule.Nodes.Skip(1).Select(node => cluster.StartAsync(node, cancel)));
        await cluster.SettledAsync(ChaosSchedule.Nodes, StartLimit, cancel);
        var platforms = Enumerable.Range(0, Platforms).Select(i => new Platform(i, cluster, Ledger)).ToArray();
        _load = Task.WhenAll(platforms.Select(RunAsync));
        foreach (var (i, user) in platforms.SelectMany(platform => platform.WatchedUsers).Index())
            watchers.Watch(user, Enumerable.Range(i, 3).Select(n => cluster.UrlOf(ChaosSchedule.Nodes[n % 3])));
        await watchers.AllAsync(user => user.Last?.Offset >= 0, "get a list", StartLimit, cancel);
    }

    /// <summary>Carries out a schedule, to its end or until something does not hold.</summary>
    public async Task DisturbAsync(IReadOnlyList<ChaosAction> schedule, TimeSpan duration, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            foreach (var action in schedule.TakeWhile(_ => Stopwatch.GetElapsedTime(began) < duration))
            {
                say(action.ToString());
                _disturbances.Add(await _monkey.DoAsync(action, cancel));
                say($"  {ChaosReport.Describe(_disturbances[^1])}");
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
            say("Every accepted event is looked for");
            await StopLoadAsync();
            await _monkey.SettledAsync(cancel);
            using var served = new ServedChecks(cluster, Ledger, watchers);
            _findings.AddRange(await served.FindAsync(cancel));
            foreach (var node in cluster.Nodes.Keys)
                await _monkey.EndAsync(node, Signals.Terminate);
            var dataDir = cluster.FolderOf(ChaosSchedule.Nodes[0]);
            var stored = await StoredChecks.RunAsync(servers, Ledger, dataDir, cancel);
            _findings.AddRange(stored.Findings);
            return stored;
        }
        catch (ProcessException e)
        {
            Note(e.Message);
            return null;
        }
    }

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
        }
        catch (OperationCanceledException e)
        {
            throw new ProcessException($"Events were not acknowledged in {StopLimit.TotalSeconds} s, by no node.", e);
        }
    }

    private void Note(string finding)
    {
        _findings.Add(finding);
        say($"does not hold: {finding}");
    }
}
