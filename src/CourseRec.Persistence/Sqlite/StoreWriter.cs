using CourseRec.Actors.Ports;
using CourseRec.Sqlite;

namespace CourseRec.Persistence.Sqlite;

/// <summary>The only connection of this process that writes: a flush is one transaction.</summary>
internal sealed class StoreWriter : IAsyncDisposable
{
    private readonly StoreConnection _store;
    private readonly ManifestTable _manifest;
    private readonly ClaimTable _claims;
    private readonly PartitionTables _partitions;
    private readonly SessionTable _sessions;
    private readonly Transaction _transaction;

    public StoreWriter(SqliteFile file, SqliteSessionStoreOptions options)
    {
        _store = new StoreConnection(file, options);
        _manifest = new ManifestTable(_store.Connection);
        _claims = new ClaimTable(_store.Connection);
        _partitions = new PartitionTables(_store.Connection);
        _sessions = new SessionTable(_store.Connection);
        _transaction = new Transaction(_store.Connection, writes: true);
    }

    public Task FlushAsync(PartitionFlush flush, CancellationToken cancel) =>
        _store.RunAsync(() => _transaction.Run(() => Write(flush)), cancel);

    public Task<bool> PinAsync(StoreManifest? expected, StoreManifest manifest, CancellationToken cancel) =>
        _store.RunAsync(() => WaitForDisk(() => _manifest.Replace(expected, manifest)), cancel);

    public Task<PartitionClaim> ClaimAsync(int partition, string owner, CancellationToken cancel) =>
        _store.RunAsync(() => WaitForDisk(() => _claims.Take(partition, owner)), cancel);

    /// <summary>Limits the file's size, as a full disk does.</summary>
    public Task LimitAsync(long pages) =>
        _store.RunAsync(() => _store.Connection.Run($"PRAGMA max_page_count = {pages}"), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _manifest.Dispose();
        _claims.Dispose();
        _partitions.Dispose();
        _sessions.Dispose();
        _transaction.Dispose();
    }

    private bool Write(PartitionFlush flush)
    {
        if (flush.Counters is { } counters)
            _partitions.Write(flush.Partition, counters);
        foreach (var session in flush.Sessions)
            _sessions.Write(session);
        foreach (var parking in flush.Parkings)
            _sessions.Write(parking);
        _partitions.Write(flush.Partition, flush.Checkpoint);
        return true;
    }

    // No log replays a pin or a claim: they alone wait for the disk.
    private T WaitForDisk<T>(Func<T> work)
    {
        _store.Connection.Run("PRAGMA synchronous = FULL");
        try
        {
            return _transaction.Run(work);
        }
        finally
        {
            _store.Connection.Run("PRAGMA synchronous = NORMAL");
        }
    }
}
