using System.Net;
using CourseRec.Cql.Connections;
using CourseRec.Cql.Errors;
using CourseRec.Cql.Topology;

namespace CourseRec.Cql;

/// <summary>Which nodes there are, and the schema they have.</summary>
public sealed partial class CqlCluster
{
    private const string KnownPartitioner = "Murmur3Partitioner";
    private static readonly TimeSpan SchemaPoll = TimeSpan.FromMilliseconds(100);
    private volatile TokenRing _ring = TokenRing.Empty;

    private static async Task<CqlConnection> OpenContactAsync(
        CqlOptions options,
        int? version,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        var problems = new List<string>();
        foreach (var point in options.ContactPoints)
        foreach (var endPoint in await ContactPoint.ResolveAsync(point, options.Port, problems, cancel))
            try
            {
                return await OpenAsync(endPoint, version, options, time, cancel);
            }
            catch (CqlException e)
            {
                problems.Add(e.Message);
            }
        throw new CqlNoHostException($"No Cassandra node can be reached: {string.Join(' ', problems)}");
    }

    /// <summary>Protocol 4, and 3 where the node has no 4; or the one that is asked for.</summary>
    private static async Task<CqlConnection> OpenAsync(
        IPEndPoint endPoint,
        int? version,
        CqlOptions options,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        try
        {
            return await CqlConnection.OpenAsync(endPoint, version ?? 4, options, time, cancel);
        }
        catch (CqlVersionException e) when (version is null && e.Version == 3)
        {
            return await CqlConnection.OpenAsync(endPoint, 3, options, time, cancel);
        }
    }

    /// <summary>Takes over the first connection, and learns of the cluster through it.</summary>
    private async Task AdoptAsync(CqlConnection first, CancellationToken cancel)
    {
        var view = await TopologyReader.ReadAsync(first, _options.ConnectTimeout, cancel);
        (Release, DataCentre) = (view.Release, _options.DataCentre ?? view.Asked.DataCentre);
        if (!view.Partitioner.EndsWith(KnownPartitioner, StringComparison.Ordinal))
            CqlLog.OtherPartitioner(_logger, view.Partitioner);
        if (view.Nodes.All(node => node.DataCentre != DataCentre))
            throw new CqlNoHostException(
                $"No node of the cluster is in data centre '{DataCentre}'; there are {string.Join(", ", view.Nodes.Select(node => node.DataCentre).Distinct())}."
            );
        await ApplyAsync(view, first);
        CqlLog.Connected(_logger, view.Cluster, Release, Version, first.EndPoint, _ring.Hosts.Count, DataCentre);
    }

    private async Task FollowTopologyAsync()
    {
        using var timer = new PeriodicTimer(_options.TopologyInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
                await RefreshAsync();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested) { }
    }

    /// <summary>Through any connection; through the contact points, found anew, when there is none.</summary>
    private async Task RefreshAsync()
    {
        CqlConnection? own = null;
        try
        {
            var connection =
                _ring.Pick(null, [])?.Connection
                ?? (own = await OpenContactAsync(_options, Version, _time, _stop.Token));
            await ApplyAsync(
                await TopologyReader.ReadAsync(connection, _options.RequestTimeout, _stop.Token),
                connection
            );
        }
        catch (CqlException e)
        {
            CqlLog.TopologyUnknown(_logger, e.Message);
        }
        finally
        {
            if (own is not null)
                await own.DisposeAsync();
        }
    }

    /// <summary>
    /// Keeps the nodes that are still there, connects to new ones and lets the others go. A node that can't be reached
    /// and is now said to be elsewhere is a new one. While the ring is empty, the connection is handed to its node.
    /// </summary>
    private async Task ApplyAsync(ClusterView view, CqlConnection asked)
    {
        var old = _ring;
        var hosts = new List<CqlHost>();
        var places = new List<(long, CqlHost)>();
        foreach (var row in view.Nodes.Where(node => node.DataCentre == DataCentre))
        {
            var endPoint = row.Address is { } address ? new(address, asked.EndPoint.Port) : asked.EndPoint;
            var host = old.Hosts.FirstOrDefault(h => h.Id == row.Id && (h.IsUp || h.EndPoint.Equals(endPoint)));
            if (host is null && old.Hosts.Count > 0)
                CqlLog.HostAdded(_logger, endPoint, DataCentre);
            var first = old.Hosts.Count == 0 && row == view.Asked ? asked : null;
            host ??= new(row, endPoint, first, Version, _options, _time, _logger);
            hosts.Add(host);
            if (view.Partitioner.EndsWith(KnownPartitioner, StringComparison.Ordinal))
                places.AddRange(row.Tokens.Select(token => (token, host)));
        }
        if (hosts.Count == 0)
            return;
        _ring = new(places, hosts);
        foreach (var gone in old.Hosts.Except(hosts))
        {
            CqlLog.HostRemoved(_logger, gone.EndPoint);
            await gone.DisposeAsync();
        }
    }

    private async Task AwaitSchemaAgreementAsync(CqlConnection connection, CancellationToken cancel)
    {
        var start = _time.GetTimestamp();
        while (true)
        {
            var view = await TopologyReader.ReadAsync(connection, _options.RequestTimeout, cancel);
            var up = _ring.Hosts.Where(host => host.IsUp).Select(host => host.Id).ToHashSet();
            var versions = view.Nodes.Where(node => node == view.Asked || up.Contains(node.Id));
            if (versions.Select(node => node.SchemaVersion).Distinct().Count() == 1)
                return;
            if (_time.GetElapsedTime(start) > _options.SchemaAgreementTimeout)
                throw new CqlTimeoutException(
                    "The schema was changed, but the nodes do not agree on it within "
                        + $"{_options.SchemaAgreementTimeout.TotalSeconds:0.#} s; see 'nodetool describecluster'."
                );
            await Task.Delay(SchemaPoll, _time, cancel);
        }
    }
}
