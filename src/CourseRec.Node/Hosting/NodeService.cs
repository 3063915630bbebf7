using Akka.Actor;
using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Node.Options;
using CourseRec.Training.Online;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CourseRec.Node.Hosting;

/// <summary>
/// Starts the trainer and the sessions that teach it before the server listens (a store that is away is waited for
/// afterwards), and stops them, the trainer last, after it has stopped listening. A session host that stops by itself
/// takes the node down with it: a supervisor starts a new one, which replays. A trainer that gives up does not: what
/// it published last goes on serving.
/// </summary>
internal sealed class NodeService(
    DataDirectory directory,
    CatalogueFollower catalogue,
    SessionHost sessions,
    InstantWeightsFolder weights,
    IInteractionLog log,
    ActorSystem actors,
    IServer server,
    IHostApplicationLifetime lifetime,
    OnlineTrainer trainer,
    NodeOptions options,
    TimeProvider time,
    ILogger<NodeService> logger
) : IHostedLifecycleService
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _discard = new();
    private readonly TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _leaving = new();
    private Task? _leave;
    private StallWatchdog? _watchdog;
    private Task _starting = Task.CompletedTask;
    private Task _following = Task.CompletedTask;
    private Task _saving = Task.CompletedTask;

    /// <summary>
    /// What the process ends with: 0, or when its session host ended it 1; 2 when the store is pinned to something
    /// else, which no new start changes; <see cref="SessionCluster.RemovedExitCode"/> when the other nodes took it
    /// out.
    /// </summary>
    public int ExitCode { get; private set; }

    /// <summary>Whether it has begun to leave.</summary>
    public bool IsLeaving => _stopping.IsCancellationRequested;

    /// <summary>What keeps the sessions from starting; null otherwise.</summary>
    public string? WaitsFor
    {
        get;
        private set
        {
            field = value;
            if (value is not null)
                _waits.TrySetResult();
        }
    }

    public async Task StartAsync(CancellationToken cancel)
    {
        weights.Restore();
        trainer.Start(sessions);
        _starting = StartSessionsAsync(_stopping.Token);
        await Task.WhenAny(_starting, _waits.Task, Task.Delay(StartPatience, time, cancel));
        if (_starting.IsCompleted)
            await _starting;
        else if (WaitsFor is null)
            NodeLog.LogAway(logger, log.Problem ?? "the sessions are being started");
        _ = WatchAsync();
    }

    public Task StartedAsync(CancellationToken cancel)
    {
        var url = server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        directory.Announce(url);
        NodeLog.Started(logger, url, directory.Path);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancel)
    {
        try
        {
            await using (cancel.Register(_discard.Cancel))
                await LeaveAsync();
        }
        finally
        {
            await trainer.StopAsync();
        }
        await Task.WhenAll(_following, _saving);
        _watchdog?.Dispose();
        NodeLog.Stopped(logger);
    }

    public Task StartingAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Drains the sessions and gives their partitions back, once.</summary>
    public Task LeaveAsync()
    {
        lock (_leaving)
            return _leave ??= LeaveOnceAsync();
    }

    private async Task LeaveOnceAsync()
    {
        await _stopping.CancelAsync();
        await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await sessions.StopAsync(_discard.Token);
    }

    /// <summary>
    /// What is away is waited for: meanwhile the node is live, not ready, and answers 503 for what it can't do.
    /// </summary>
    private async Task StartSessionsAsync(CancellationToken stop)
    {
        await log.OpenedAsync(stop);
        _following = catalogue.RunAsync(_stopping.Token);
        if (options.Cluster.Seeds.Count > 0)
            WaitsFor = $"joining the cluster, by the seeds {string.Join(", ", options.Cluster.Seeds)}";
        await SessionCluster.JoinAsync(actors, options.Cluster.Seeds, stop);
        Akka.Cluster.Cluster.Get(actors).RegisterOnMemberRemoved(OnRemoved);
        if (options.Cluster.Has(NodeRole.Session))
            _watchdog = new(
                options.Cluster.HeartbeatPause + options.Cluster.StableAfter,
                () => SessionCluster.HasOthers(actors)
            );
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await sessions.StartAsync(stop);
                if (attempt > 1)
                    NodeLog.StoreBack(logger, attempt);
                WaitsFor = null;
                _saving = weights.RunAsync(_stopping.Token);
                return;
            }
            catch (StoreUnavailableException e)
            {
                if (attempt == 1)
                    NodeLog.StoreAway(logger, e.Message);
                WaitsFor = e.Message;
                await Task.Delay(RetryDelay, time, stop);
            }
        }
    }

    /// <summary>The others have taken this node out: whatever it holds is theirs. A new process joins anew.</summary>
    private void OnRemoved()
    {
        var reason = CoordinatedShutdown.Get(actors).ShutdownReason;
        if (IsLeaving || reason is not (null or CoordinatedShutdown.ClusterDowningReason))
            return; // It leaves, or could not start: that is said where it happened.
        ExitCode = SessionCluster.RemovedExitCode;
        NodeLog.Removed(logger);
        lifetime.StopApplication();
    }

    private async Task WatchAsync()
    {
        try
        {
            await _starting;
            await sessions.Completion;
        }
        catch (Exception e) when (!_stopping.IsCancellationRequested)
        {
            ExitCode = e is StoreMismatchException ? 2 : 1;
            if (StartupErrors.Explain(e) is { } reason)
                NodeLog.SessionsStopped(logger, reason);
            else
                NodeLog.SessionsFailed(logger, e);
            lifetime.StopApplication();
        }
    }
}
