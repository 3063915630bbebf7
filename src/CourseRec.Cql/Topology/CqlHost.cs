using System.Net;
using CourseRec.Cql.Connections;
using CourseRec.Cql.Errors;
using Microsoft.Extensions.Logging;

namespace CourseRec.Cql.Topology;

/// <summary>
/// A node, and the connections to it: each is made anew when it ends, for as long as the node belongs to the cluster.
/// </summary>
internal sealed class CqlHost : IAsyncDisposable
{
    private readonly CqlOptions _options;
    private readonly int _version;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CqlConnection?[] _connections;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _keeping;
    private bool _away;

    /// <summary>Begins to connect.</summary>
    /// <param name="row">The node.</param>
    /// <param name="endPoint">Its address.</param>
    /// <param name="first">A connection that is there already, if any.</param>
    /// <param name="version">The protocol to speak.</param>
    /// <param name="options">Limits and delays.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told when the node goes and comes.</param>
    public CqlHost(
        NodeRow row,
        IPEndPoint endPoint,
        CqlConnection? first,
        int version,
        CqlOptions options,
        TimeProvider time,
        ILogger logger
    )
    {
        (Id, EndPoint) = (row.Id, endPoint);
        (_version, _options, _time, _logger) = (version, options, time, logger);
        _connections = new CqlConnection?[options.ConnectionsPerHost];
        _connections[0] = first;
        _keeping = [.. Enumerable.Range(0, _connections.Length).Select(slot => Task.Run(() => KeepAsync(slot)))];
    }

    public Guid Id { get; }

    public IPEndPoint EndPoint { get; }

    /// <summary>Why the node can't be reached; null while it can.</summary>
    public string? Problem { get; private set; }

    public bool IsUp => Pick() is not null;

    /// <summary>
    /// The first connection with little to do, as requests on one share its sends and receives; the one with the least
    /// when all have much. Null when there is none.
    /// </summary>
    public CqlConnection? Pick()
    {
        CqlConnection? least = null;
        foreach (var connection in _connections)
        {
            if (connection is not { IsOpen: true })
                continue;
            if (connection.Load < _options.MaxInFlight / 4)
                return connection;
            if (least is null || connection.Load < least.Load)
                least = connection;
        }
        return least;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_keeping);
        _stop.Dispose();
    }

    private async Task KeepAsync(int slot)
    {
        var jitter = new Random(HashCode.Combine(Environment.ProcessId, EndPoint, slot));
        for (var failures = 0; !_stop.IsCancellationRequested; failures++)
        {
            try
            {
                if (await OpenAsync(slot) is { } connection)
                {
                    failures = 0;
                    await WatchAsync(slot, connection);
                }
                await Task.Delay(Delay(failures, jitter), _time, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task<CqlConnection?> OpenAsync(int slot)
    {
        if (_connections[slot] is { } first)
        {
            CqlMetrics.Connected();
            return first;
        }
        try
        {
            var connection = await CqlConnection.OpenAsync(EndPoint, _version, _options, _time, _stop.Token);
            CqlMetrics.Connected();
            Volatile.Write(ref _connections[slot], connection);
            if (Interlocked.Exchange(ref _away, false))
                CqlLog.HostUp(_logger, EndPoint);
            Problem = null;
            return connection;
        }
        catch (CqlException e)
        {
            CqlMetrics.NotConnected();
            if (!IsUp)
                Away(
                    e is CqlVersionException
                        ? $"{EndPoint}: {e.Message}, and {_version} is spoken with this cluster."
                        : e.Message
                );
            return null;
        }
    }

    private async Task WatchAsync(int slot, CqlConnection connection)
    {
        try
        {
            var reason = await connection.Closed.WaitAsync(_stop.Token);
            if (!IsUp)
                Away(reason.Message);
        }
        finally
        {
            Volatile.Write(ref _connections[slot], null);
            CqlMetrics.Disconnected();
            await connection.DisposeAsync();
        }
    }

    private void Away(string reason)
    {
        Problem = reason;
        if (!Interlocked.Exchange(ref _away, true))
            CqlLog.HostDown(_logger, EndPoint, reason);
    }

    /// <summary>Doubles with each failure up to the limit, and is between half and all of that.</summary>
    private TimeSpan Delay(int failures, Random jitter)
    {
        var whole = Math.Min(
            _options.ReconnectDelay.TotalSeconds * Math.Pow(2, Math.Min(failures, 20)),
            _options.MaxReconnectDelay.TotalSeconds
        );
        return TimeSpan.FromSeconds(whole * (0.5 + jitter.NextDouble() / 2));
    }
}
