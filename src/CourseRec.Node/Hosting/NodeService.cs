using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Shards;
using CourseRec.Streams.Kafka;
using CourseRec.Training.Online;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CourseRec.Node.Hosting;

/// <summary>
/// Starts the trainer and the sessions that teach it before the server listens, and stops them, the trainer last, after it has stopped
/// listening. A session host that stops by itself takes the node down with it: a supervisor starts a new one, which replays. A trainer
/// that gives up does not: what it published last goes on serving.
/// </summary>
internal sealed class NodeService(
    DataDirectory directory,
    CatalogueFollower catalogue,
    SessionHost sessions,
    InstantWeightsFolder weights,
    IInteractionLog log,
    IServer server,
    IHostApplicationLifetime lifetime,
    OnlineTrainer trainer,
    TimeProvider time,
    ILogger<NodeService> logger
) : IHostedLifecycleService
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _stopping = new();
    private Task _starting = Task.CompletedTask;
    private Task _following = Task.CompletedTask;
    private Task _saving = Task.CompletedTask;

    /// <summary>Whether the node stopped because its session host did.</summary>
    public bool HasFailed { get; private set; }

    public async Task StartAsync(CancellationToken cancel)
    {
        weights.Restore();
        trainer.Start(sessions);
        _starting = StartSessionsAsync(_stopping.Token);
        await Task.WhenAny(_starting, Task.Delay(StartPatience, time, cancel));
        if (_starting.IsCompleted)
            await _starting;
        else
            NodeLog.LogAway(logger, (log as PendingLog)?.Problem ?? "the log is being opened");
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
        await _stopping.CancelAsync();
        await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await sessions.StopAsync(cancel);
        }
        finally
        {
            await trainer.StopAsync();
        }
        await Task.WhenAll(_following, _saving);
        NodeLog.Stopped(logger);
    }

    public Task StartingAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>A log that can't be reached is waited for: meanwhile the node is live, not ready, and answers writes 503.</summary>
    private async Task StartSessionsAsync(CancellationToken stop)
    {
        await log.WhenOpenAsync(stop);
        _following = catalogue.RunAsync(_stopping.Token);
        await sessions.StartAsync(stop);
        _saving = weights.RunAsync(_stopping.Token);
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
            HasFailed = true;
            if (e is LogReplacedException || StartupErrors.Explain(e) is not null)
                NodeLog.SessionsStopped(logger, e.Message);
            else
                NodeLog.SessionsFailed(logger, e);
            lifetime.StopApplication();
        }
    }
}
