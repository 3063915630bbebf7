using System.Runtime.CompilerServices;
using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Persistence.Cassandra.Schema;
using CourseRec.Persistence.Cassandra.Tables;
using Microsoft.Extensions.Logging;

namespace CourseRec.Persistence.Cassandra;

/// <summary>
/// The session store on Cassandra. Every write's timestamp is the log's version, so the newer one wins in whatever
/// order they arrive; a flush writes counters, then sessions, then parkings, then the checkpoint. Meant for any number
/// of nodes.
/// </summary>
public sealed class CassandraSessionStore : ISessionStore
{
    private readonly CassandraSessionStoreOptions _options;
    private readonly StoreConnection _connection;

    // A flush that is tried again goes on where it failed: at a server that can hardly follow, it would not come to
    // its end otherwise.
    private readonly ConditionalWeakTable<PartitionFlush, FlushProgress> _progress = [];

    private CassandraSessionStore(CassandraSessionStoreOptions options, StoreConnection connection) =>
        (_options, _connection, Leases) = (options, connection, new CassandraLeases(connection));

    /// <summary>Leases among those who share this store.</summary>
    public ILeases Leases { get; }

    /// <summary>
    /// A store that connects at its first call. While the cluster can't be reached, every call throws
    /// <see cref="StoreUnavailableException"/>; when its schema is missing or of another version,
    /// <see cref="Actors.Partitions.StoreMismatchException"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A setting can't work; the message names it.</exception>
    public static CassandraSessionStore Open(CassandraSessionStoreOptions options, TimeProvider time, ILogger logger)
    {
        options.Validate();
        return new(options, new StoreConnection(options, time, logger));
    }

    /// <inheritdoc/>
    public async ValueTask<StoreManifest?> ReadManifestAsync(CancellationToken cancel) =>
        await _connection.RunAsync(tables => tables.Manifest.FindAsync(cancel), cancel);

    /// <inheritdoc/>
    public async ValueTask<bool> PinAsync(StoreManifest? expected, StoreManifest manifest, CancellationToken cancel) =>
        await _connection.RunAsync(tables => tables.Manifest.ReplaceAsync(expected, manifest, cancel), cancel);

    /// <inheritdoc/>
    public async ValueTask<PartitionClaim> ClaimAsync(int partition, string owner, CancellationToken cancel) =>
        await _connection.RunAsync(tables => tables.Claims.TakeAsync(partition, owner, cancel), cancel);

    /// <inheritdoc/>
    public async ValueTask<PartitionClaim?> ReadClaimAsync(int partition, CancellationToken cancel) =>
        await _connection.RunAsync(tables => tables.Claims.FindAsync(partition, cancel), cancel);

    // The checkpoint first: what another writer stores in between makes the counters newer than it, never older.
    /// <inheritdoc/>
    public async ValueTask<StoredPartition> LoadPartitionAsync(int partition, CancellationToken cancel) =>
        await _connection.RunAsync(
            async tables => new StoredPartition(
                await tables.Checkpoints.FindAsync(partition, cancel),
                await tables.Counters.LoadAsync(partition, cancel)
            ),
            cancel
        );

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<CounterChange>> LoadCountersAsync(
        int partition,
        LogVersion since,
        CancellationToken cancel
    ) => await _connection.RunAsync(tables => tables.Counters.FollowAsync(partition, since, cancel), cancel);

    /// <inheritdoc/>
    public async ValueTask<StoredSession?[]> LoadSessionsAsync(IReadOnlyList<string> users, CancellationToken cancel) =>
        await _connection.RunAsync(tables => LoadAsync(users, tables.Users.FindAsync, cancel), cancel);

    /// <inheritdoc/>
    public async ValueTask FlushAsync(PartitionFlush flush, CancellationToken cancel) =>
        await _connection.RunAsync(tables => WriteAsync(tables, flush, cancel), cancel);

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredSession> ListSessionsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var page in _connection.ListAsync(tables => tables.Users.ListAsync(cancel), cancel))
        {
            var complete = await _connection.RunAsync(
                tables => LoadAsync(page, tables.Users.CompleteAsync, cancel),
                cancel
            );
            foreach (var session in complete.OfType<StoredSession>())
                yield return session;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Parking>> ListParkedAsync(CancellationToken cancel) =>
        await _connection.RunAsync(tables => tables.Users.ListParkedAsync(cancel), cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredInteraction> ListInteractionsAsync(string user, CancellationToken cancel) =>
        _connection.ListAsync(tables => tables.Users.ListInteractionsAsync(user, cancel), cancel);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> CheckSettingsAsync(CancellationToken cancel) =>
        await _connection.RunAsync(
            tables => ClusterSettings.CheckAsync(tables.Cluster, _options.Keyspace, cancel),
            cancel
        );

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    // Counters first, the checkpoint last: a writer that dies in between leaves counters that are newer than every
    // session, and sessions newer than the checkpoint.
    private async Task<bool> WriteAsync(StoreTables tables, PartitionFlush flush, CancellationToken cancel)
    {
        var progress = _progress.GetValue(flush, started => new FlushProgress(started.Sessions.Count));
        if (flush.Counters is { } counters)
            await tables.Counters.StoreAsync(flush.Partition, counters, cancel);
        await Parallel.ForAsync(
            0,
            flush.Sessions.Count,
            AtOnce(cancel),
            async (i, cancelled) =>
            {
                if (progress.Stored[i])
                    return;
                await tables.Users.WriteAsync(flush.Sessions[i], cancelled);
                progress.Stored[i] = true;
            }
        );
        foreach (var parking in flush.Parkings)
            await tables.Parked.StoreAsync(parking, cancel);
        await tables.Checkpoints.StoreAsync(flush.Partition, flush.Checkpoint, cancel);
        return true;
    }

    private async Task<StoredSession?[]> LoadAsync<T>(
        IReadOnlyList<T> items,
        Func<T, CancellationToken, Task<StoredSession?>> load,
        CancellationToken cancel
    )
    {
        var loaded = new StoredSession?[items.Count];
        await Parallel.ForAsync(
            0,
            items.Count,
            AtOnce(cancel),
            async (i, cancelled) => loaded[i] = await load(items[i], cancelled)
        );
        return loaded;
    }

    private ParallelOptions AtOnce(CancellationToken cancel) =>
        new() { MaxDegreeOfParallelism = _options.SessionsAtOnce, CancellationToken = cancel };

    private sealed class FlushProgress(int sessions)
    {
        public bool[] Stored { get; } = new bool[sessions];
    }
}
