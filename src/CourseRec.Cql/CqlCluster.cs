using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CourseRec.Cql.Errors;
using CourseRec.Cql.Protocol;
using CourseRec.Cql.Topology;
using Microsoft.Extensions.Logging;

namespace CourseRec.Cql;

/// <summary>
/// A Cassandra cluster over its native protocol, versions 4 and 3 (Apache Cassandra's doc/native_protocol_v4.spec).
/// For any number of concurrent callers; make one a process. Every call throws a <see cref="CqlException"/> when it
/// does not succeed.
/// </summary>
public sealed partial class CqlCluster : IAsyncDisposable
{
    private readonly CqlOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, CqlStatement> _statements = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private Task _following = Task.CompletedTask;

    private CqlCluster(CqlOptions options, int version, TimeProvider time, ILogger logger) =>
        (_options, Version, _time, _logger) = (options, version, time, logger);

    /// <summary>The native protocol's version that is spoken: 4 or 3.</summary>
    public int Version { get; }

    /// <summary>The release of the node that was connected to first.</summary>
    public string Release { get; private set; } = "";

    /// <summary>The data centre whose nodes are used.</summary>
    public string DataCentre { get; private set; } = "";

    /// <summary>Nodes of the data centre that can be reached now.</summary>
    public int ReachableHosts => _ring.Hosts.Count(host => host.IsUp);

    /// <summary>Connects to the first contact point that answers, and learns of the others from it.</summary>
    /// <exception cref="CqlNoHostException">None answers; the message says why for each.</exception>
    public static async Task<CqlCluster> ConnectAsync(
        CqlOptions options,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancel = default
    )
    {
        options.Validate();
        var first = await OpenContactAsync(options, options.ProtocolVersion, time, cancel);
        var cluster = new CqlCluster(options, first.Version, time, logger);
        try
        {
            await cluster.AdoptAsync(first, cancel);
        }
        catch
        {
            await first.DisposeAsync();
            throw;
        }
        cluster._following = Task.Run(cluster.FollowTopologyAsync, CancellationToken.None);
        return cluster;
    }

    /// <summary>Prepares a statement, once a text. Other nodes get to know it when they are first asked.</summary>
    /// <param name="cql">The CQL, with <c>?</c> for each value.</param>
    /// <param name="routing">
    /// The markers (from 0) that make up the partition key, in the key's order. Servers with protocol 4 tell; those
    /// with 3 don't, and what is not told goes to any node.
    /// </param>
    /// <param name="cancel">Gives up.</param>
    public async ValueTask<CqlStatement> PrepareAsync(
        string cql,
        IReadOnlyList<int>? routing = null,
        CancellationToken cancel = default
    )
    {
        if (_statements.TryGetValue(cql, out var known))
            return known;
        var prepared = await PrepareOnAnyAsync(cql, cancel);
        return _statements.GetOrAdd(cql, new CqlStatement(cql, prepared, routing ?? [], Version));
    }

    /// <summary>Executes a statement, or a batch; the rows are the first page's.</summary>
    /// <param name="request">What to do; it is used up.</param>
    /// <param name="consistency">Null: the options'.</param>
    /// <param name="cancel">Stops waiting; what was sent may happen all the same.</param>
    public async ValueTask<CqlRows> ExecuteAsync(
        CqlRequest request,
        CqlConsistency? consistency = null,
        CancellationToken cancel = default
    )
    {
        request.Take();
        try
        {
            return await ExecuteAsync(request, request.Token, consistency, _options.PageSize, default, cancel);
        }
        finally
        {
            request.Frame.Release();
        }
    }

    /// <summary>Executes a SELECT page by page; the next page is asked for when the one before is done with.</summary>
    /// <param name="bound">What to select; it is used up.</param>
    /// <param name="pageSize">Rows a page; null: the options'.</param>
    /// <param name="consistency">Null: the options'.</param>
    /// <param name="cancel">Stops.</param>
    public async IAsyncEnumerable<CqlRows> PageAsync(
        CqlBound bound,
        int? pageSize = null,
        CqlConsistency? consistency = null,
        [EnumeratorCancellation] CancellationToken cancel = default
    )
    {
        bound.Take();
        var token = bound.Token;
        try
        {
            ReadOnlyMemory<byte> state = default;
            do
            {
                var page = await ExecuteAsync(bound, token, consistency, pageSize ?? _options.PageSize, state, cancel);
                state = page.PagingState;
                yield return page;
            } while (state.Length > 0);
        }
        finally
        {
            bound.Frame.Release();
        }
    }

    /// <summary>
    /// Executes CQL as text: schema changes, and what is asked once. After a schema change it waits until every
    /// reachable node has the new schema.
    /// </summary>
    /// <param name="cql">The CQL, without markers.</param>
    /// <param name="consistency">Null: the options'.</param>
    /// <param name="cancel">Stops waiting.</param>
    public ValueTask<CqlRows> QueryAsync(
        string cql,
        CqlConsistency? consistency = null,
        CancellationToken cancel = default
    ) => ExecuteAsync(new CqlQuery(cql), consistency, cancel);

    /// <summary>Closes every connection; what is under way fails.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        foreach (var host in _ring.Hosts)
            await host.DisposeAsync();
        _stop.Dispose();
    }
}
