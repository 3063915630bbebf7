using CourseRec.Actors.Ports;
using CourseRec.Sqlite;
using Microsoft.Data.Sqlite;

namespace CourseRec.Persistence.Sqlite;

/// <summary>
/// A connection that one caller uses at a time, off the caller's thread. How many wait is bounded by who may call: a
/// partition has one flush and one load under way at most.
/// </summary>
internal sealed class StoreConnection : IAsyncDisposable
{
    private readonly SqliteFile _file;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _closed = new();

    public StoreConnection(SqliteFile file, SqliteSessionStoreOptions options)
    {
        _file = file;
        // A commit needn't wait for the disk: the interaction log did. What a power failure takes back from this file
        // is the end of it, and its checkpoints go back with its sessions, so the log replays exactly that.
        Connection = file.Connect(SqliteDurability.Normal);
        Connection.Run($"PRAGMA busy_timeout = {(long)options.BusyTimeout.TotalMilliseconds}");
        Connection.Run($"PRAGMA cache_size = {-options.CacheBytes / 1024}");
        Connection.Run($"PRAGMA wal_autocheckpoint = {options.WalBytes / SessionSchema.PageBytes}");
        Connection.Run($"PRAGMA journal_size_limit = {options.WalBytes}");
        // Erased means overwritten with zeros; a session's former states too.
        Connection.Run("PRAGMA secure_delete = ON");
    }

    public SqliteConnection Connection { get; }

    /// <summary>Does some work when it is the caller's turn.</summary>
    /// <exception cref="PartitionStoppedException">The file is damaged; the message names it and what to
    /// do.</exception>
    /// <exception cref="StoreUnavailableException">The engine failed otherwise; the message names the file and what to
    /// do.</exception>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, typeof(SqliteSessionStore));
        await _turn.WaitAsync(cancel);
        try
        {
            ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, typeof(SqliteSessionStore));
            return await Task.Run(work, CancellationToken.None);
        }
        catch (SqliteException e) when (SqliteFile.IsDamage(e))
        {
            throw new PartitionStoppedException(_file.Explain(e), e);
        }
        catch (SqliteException e)
        {
            throw new StoreUnavailableException(_file.Explain(e), e);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Waits for the work under way, then closes; later work is refused.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        await _closed.CancelAsync();
        await Connection.DisposeAsync();
        _turn.Release();
    }
}
