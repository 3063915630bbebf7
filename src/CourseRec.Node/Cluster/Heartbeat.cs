using CourseRec.Actors.Ports;
using CourseRec.Node.Hosting;

namespace CourseRec.Node.Cluster;

/// <summary>
/// Publishes this node every two seconds, and at once when its partitions change; looks at the others every second.
/// That neither works is said once, and hurts nothing here.
/// </summary>
internal sealed class Heartbeat(
    ThisNode self,
    INodeDirectory directory,
    ClusterView view,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<Heartbeat> logger
) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private NodeEntry? _said;
    private long _saidAt;
    private bool _isAway;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_said is not null)
            await TryAsync(token => directory.WithdrawAsync(self.Id, token));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await StartedAsync(stoppingToken);
        using var timer = new PeriodicTimer(Tick, time);
        var lookedAt = 0L;
        do
        {
            if (IsDue(self.Describe()) is { } entry)
                await PublishAsync(entry);
            if (time.GetElapsedTime(lookedAt) < LookEvery)
                continue;
            lookedAt = time.GetTimestamp();
            _ = view.RefreshAsync(CancellationToken.None);
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Until the server listens there is no address to publish.</summary>
    private async Task StartedAsync(CancellationToken stop)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(started.SetResult))
            await started.Task.WaitAsync(stop);
    }

    private NodeEntry? IsDue(NodeEntry now)
    {
        var isSame = _said is { } said && Partitions(said).SequenceEqual(Partitions(now));
        return isSame && time.GetElapsedTime(_saidAt) < Interval ? null : now;
    }

    private static IEnumerable<int> Partitions(NodeEntry entry) => entry.Partitions.Select(claim => claim.Partition);

    private async Task PublishAsync(NodeEntry entry)
    {
        if (!await TryAsync(token => directory.PublishAsync(entry, token)))
            return;
        (_said, _saidAt) = (entry, time.GetTimestamp());
    }

    private async Task<bool> TryAsync(Func<CancellationToken, ValueTask> say)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            await say(patience.Token);
            _isAway = false;
            return true;
        }
        catch (Exception e)
        {
            // Whatever it is: others find this node late, and nothing here depends on it.
            if (!_isAway)
                NodeLog.NotPublished(logger, e.Message);
            _isAway = true;
            return false;
        }
    }
}
