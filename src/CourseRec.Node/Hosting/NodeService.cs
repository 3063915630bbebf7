using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Shards;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CourseRec.Node.Hosting;

/// <summary>
/// Starts the sessions before the server listens, and stops them after it has stopped listening. A session host that
/// stops by itself takes the node down with it: a supervisor starts a new one, which replays.
/// </summary>
internal sealed class NodeService(
    DataDirectory directory,
    CatalogueFollower catalogue,
    SessionHost sessions,
    IServer server,
    IHostApplicationLifetime lifetime,
    ILogger<NodeService> logger
) : IHostedLifecycleService
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _following = Task.CompletedTask;

    /// <summary>Whether the node stopped because its session host did.</summary>
    public bool HasFailed { get; private set; }

    public async Task StartAsync(CancellationToken cancel)
    {
        _following = catalogue.RunAsync(_stopping.Token);
        await sessions.StartAsync(cancel);
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
        await sessions.StopAsync(cancel);
        await _following;
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
