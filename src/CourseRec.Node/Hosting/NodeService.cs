using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Shards;
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
    IServer server,
    IHostApplicationLifetime lifetime,
    OnlineTrainer trainer,
    ILogger<NodeService> logger
) : IHostedLifecycleService
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _following = Task.CompletedTask;
    private Task _saving = Task.CompletedTask;

    /// <summary>Whether the node stopped because its session host did.</summary>
    public bool HasFailed { get; private set; }

    public async Task StartAsync(CancellationToken cancel)
    {
        _following = catalogue.RunAsync(_stopping.Token);
        weights.Restore();
        trainer.Start(sessions);
        await sessions.StartAsync(cancel);
        _saving = weights.RunAsync(_stopping.Token);
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

    private async Task WatchAsync()
    {
        try
        {
            await sessions.Completion;
        }
        catch (Exception e) when (!_stopping.IsCancellationRequested)
        {
            HasFailed = true;
            NodeLog.SessionsFailed(logger, e);
            lifetime.StopApplication();
        }
    }
}
