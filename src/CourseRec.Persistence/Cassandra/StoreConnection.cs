using System.Runtime.CompilerServices;
using CourseRec.Actors.Ports;
using CourseRec.Cql;
using CourseRec.Cql.Errors;
using CourseRec.Persistence.Cassandra.Schema;
using CourseRec.Persistence.Cassandra.Tables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Persistence.Cassandra;

/// <summary>
/// Connects at the first call, and again at the next while that does not work; checks the schema before anything is
/// read or written. From then on the driver keeps its connections.
/// </summary>
internal sealed class StoreConnection(CassandraSessionStoreOptions options, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private StoreTables? _tables;
    private bool _isClosed;

    /// <summary>Does some work on the connected store.</summary>
    /// <exception cref="StoreUnavailableException">It did not work now; the message says why.</exception>
    public async Task<T> RunAsync<T>(Func<StoreTables, Task<T>> work, CancellationToken cancel)
    {
        try
        {
            return await work(await TablesAsync(cancel));
        }
        // A column of another type is no matter of waiting.
        catch (CqlException e) when (e is not CqlTypeException)
        {
            throw new StoreUnavailableException(
                $"Cassandra ({string.Join(", ", options.Cluster.ContactPoints)}): {e.Message}",
                e
            );
        }
    }

    /// <summary>Lists from the connected store.</summary>
    public async IAsyncEnumerable<T> ListAsync<T>(
        Func<StoreTables, IAsyncEnumerable<T>> list,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var listed = await RunAsync(tables => Task.FromResult(list(tables)), cancel);
        await using var items = listed.GetAsyncEnumerator(cancel);
        while (await RunAsync(_ => items.MoveNextAsync().AsTask(), cancel))
            yield return items.Current;
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        _isClosed = true;
        if (_tables is not null)
            await _tables.DisposeAsync();
        _turn.Release();
    }

    private async ValueTask<StoreTables> TablesAsync(CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_isClosed, typeof(CassandraSessionStore));
        if (_tables is { } connected)
            return connected;
        await _turn.WaitAsync(cancel);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(CassandraSessionStore));
            return _tables ??= await ConnectAsync(cancel);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<StoreTables> ConnectAsync(CancellationToken cancel)
    {
        // Without a keyspace first: that there is none must be found, not stumbled over.
        await using (var bare = await OpenAsync(null, NullLogger.Instance, cancel))
            await SchemaVerifier.VerifyAsync(bare, options.Keyspace, cancel);
        var cluster = await OpenAsync(options.Keyspace, logger, cancel);
        try
        {
            return await StoreTables.PrepareAsync(cluster, options, cancel);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private Task<CqlCluster> OpenAsync(string? keyspace, ILogger told, CancellationToken cancel) =>
        CqlCluster.ConnectAsync(options.Cluster with { Keyspace = keyspace }, time, told, cancel);
}
