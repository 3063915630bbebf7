using System.Collections.Concurrent;
using CourseRec.Actors.Partitions;
using CourseRec.Node.Cluster;
using CourseRec.Node.Options;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;

namespace CourseRec.Node.Push;

/// <summary>
/// The connections held here. When their partition moves they are asked to close so that their clients connect again
/// (an aborted one tells its client to stay away): once the new owner has published itself (or 5 s later), as many a
/// second as a node takes, all within about ten seconds.
/// </summary>
internal sealed class HubConnections
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ClaimPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly ConcurrentDictionary<string, Connection> _connections = new();
    private readonly SessionHost _sessions;
    private readonly ClusterView _view;
    private readonly SpreadOut<Connection> _leaving;
    private readonly TimeProvider _time;
    private readonly bool _isClustered;
    private readonly CancellationToken _stopping;
    private readonly Lock _moves = new();
    private Task _moving = Task.CompletedTask;
    private long _moved;

    public HubConnections(
        SessionHost sessions,
        ClusterView view,
        NodeOptions options,
        IHostApplicationLifetime lifetime,
        TimeProvider time
    )
    {
        (_sessions, _view, _time) = (sessions, view, time);
        _leaving = new(SendOn, options.Cluster.ConnectionsPerSecond, Longest, time);
        (_isClustered, _stopping) = (options.IsClustered, lifetime.ApplicationStopping);
        if (_isClustered)
            sessions.Released += Move;
    }

    /// <summary>Connections that were asked to close because their partition is another node's, ever.</summary>
    public long Moved => Interlocked.Read(ref _moved);

    /// <summary>A user's connection began. It is held until all that was written to it is sent.</summary>
    public void Add(HubCallerContext context, string user)
    {
        if (!_isClustered || context.Features.Get<IConnectionLifetimeNotificationFeature>() is not { } lifetime)
            return;
        _connections[context.ConnectionId] = new(_sessions.PartitionOf(user), lifetime);
        context
            .Features.GetRequiredFeature<IConnectionLifetimeFeature>()
            .ConnectionClosed.Register(() => _connections.TryRemove(context.ConnectionId, out _));
    }

    /// <summary>
    /// Whether a connection's partition is elsewhere, as one that moved since the connection was negotiated. Then it
    /// is asked to close, a moment later: a client whose call is under way would see an error.
    /// </summary>
    public bool TrySendOn(HubCallerContext context)
    {
        if (
            !_connections.TryGetValue(context.ConnectionId, out var connection) || _sessions.Holds(connection.Partition)
        )
            return false;
        _ = SendOnLaterAsync(connection);
        return true;
    }

    /// <summary>
    /// Completes when the connections of every partition that was given back were asked to close, and have closed or
    /// had the time to: the end of the process cuts the others off.
    /// </summary>
    public Task MovedAsync()
    {
        lock (_moves)
            return _moving;
    }

    private void Move(int partition)
    {
        lock (_moves)
            _moving = Task.WhenAll(_moving, MoveAsync(partition));
    }

    private async Task MoveAsync(int partition)
    {
        try
        {
            if (ConnectionsOf(partition).Length == 0)
                return;
            await ClaimedElsewhereAsync(partition);
            await _leaving.DoAsync(ConnectionsOf(partition), _stopping);
            await ClosedAsync(partition);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // All of them close now.
        }
    }

    private async Task SendOnLaterAsync(Connection connection)
    {
        await Task.Delay(AnswerTime, _time);
        SendOn(connection);
    }

    private void SendOn(Connection connection)
    {
        Interlocked.Increment(ref _moved);
        connection.Lifetime.RequestClose();
    }

    private Connection[] ConnectionsOf(int partition) =>
        [.. _connections.Values.Where(connection => connection.Partition == partition)];

    private async Task ClaimedElsewhereAsync(int partition)
    {
        var began = _time.GetTimestamp();
        while (_view.ClaimantOf(partition) is null && _time.GetElapsedTime(began) < ClaimPatience)
            await _view.RefreshAsync(_stopping);
    }

    private async Task ClosedAsync(int partition)
    {
        var began = _time.GetTimestamp();
        while (ConnectionsOf(partition).Length > 0 && _time.GetElapsedTime(began) < ClosePatience)
            await Task.Delay(Pause, _time, _stopping);
    }

    private readonly record struct Connection(int Partition, IConnectionLifetimeNotificationFeature Lifetime);
}
