using System.Runtime.CompilerServices;
using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Sqlite;
using Microsoft.Data.Sqlite;

namespace CourseRec.Persistence.Sqlite;

/// <summary>
/// The embedded session store: one SQLite file. A flush is one transaction, so everything that the port asks for holds
/// at every moment. Meant for one process; a second one does no damage, it waits its turn.
/// </summary>
public sealed class SqliteSessionStore : ISessionStore
{
    // A page of a list is one short read: a long one would keep the write-ahead log from being begun anew.
    private const int PageRows = 128;
    private readonly SqliteFile _file;
    private readonly StoreWriter _writer;
    private readonly StoreReader _reader;

    private SqliteSessionStore(SqliteFile file, SqliteSessionStoreOptions options)
    {
        _file = file;
        _writer = new StoreWriter(file, options);
        _reader = new StoreReader(file, options);
    }

    /// <summary>Opens a store, or makes a new one where there is none.</summary>
    /// <exception cref="ArgumentException">A setting can't work; the message names it.</exception>
    /// <exception cref="SqliteFileException">The file can't be used and was not changed; the message says why and what
    /// to do.</exception>
    public static SqliteSessionStore Open(SqliteSessionStoreOptions options)
    {
        options.Validate();
        var file = SqliteFile.Open(options.Path, SessionSchema.Format);
        try
        {
            return new SqliteSessionStore(file, options);
        }
        catch (SqliteException e)
        {
            throw new SqliteFileException(file.Explain(e), e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<StoreManifest?> ReadManifestAsync(CancellationToken cancel) =>
        await _reader.ReadManifestAsync(cancel);

    /// <inheritdoc/>
    public async ValueTask<bool> PinAsync(StoreManifest? expected, StoreManifest manifest, CancellationToken cancel) =>
        await _writer.PinAsync(expected, manifest, cancel);

    /// <inheritdoc/>
    public async ValueTask<PartitionClaim> ClaimAsync(int partition, string owner, CancellationToken cancel) =>
        await _writer.ClaimAsync(partition, owner, cancel);

    /// <inheritdoc/>
    public async ValueTask<PartitionClaim?> ReadClaimAsync(int partition, CancellationToken cancel) =>
        await _reader.ReadClaimAsync(partition, cancel);

    /// <inheritdoc/>
    public async ValueTask<StoredPartition> LoadPartitionAsync(int partition, CancellationToken cancel) =>
        await _reader.LoadPartitionAsync(partition, cancel);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<CounterChange>> LoadCountersAsync(
        int partition,
        LogVersion since,
        CancellationToken cancel
    ) => await _reader.LoadCountersAsync(partition, since, cancel);

    /// <inheritdoc/>
    public async ValueTask<StoredSession?[]> LoadSessionsAsync(IReadOnlyList<string> users, CancellationToken cancel) =>
        await _reader.LoadSessionsAsync(users, cancel);

    /// <inheritdoc/>
    public async ValueTask FlushAsync(PartitionFlush flush, CancellationToken cancel) =>
        await _writer.FlushAsync(flush, cancel);

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredSession> ListSessionsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var after = "";
        List<StoredSession> page;
        do
        {
            page = await _reader.ListSessionsAsync(after, PageRows, cancel);
            foreach (var session in page)
                yield return session;
            after = page.Count > 0 ? page[^1].User : after;
        } while (page.Count == PageRows);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Parking>> ListParkedAsync(CancellationToken cancel) =>
        await _reader.ListParkedAsync(cancel);

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredInteraction> ListInteractionsAsync(
        string user,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var ids = await _reader.FindInteractionsAsync(user, cancel);
        foreach (var page in ids.Chunk(PageRows))
        {
            var found = await _reader.ReadInteractionsAsync(user, page, cancel);
            foreach (var interaction in found)
                yield return interaction;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> CheckSettingsAsync(CancellationToken cancel)
    {
        var mode = await _reader.ReadJournalModeAsync(cancel);
        return mode == "wal"
            ? []
            :
            [
                $"{_file.Path} has journal mode {mode}, so reads wait for writes: move it to a local file system, "
                    + "where a write-ahead log works.",
            ];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _writer.DisposeAsync();
    }

    /// <summary>Limits the file's size, as a full disk does.</summary>
    internal Task LimitAsync(long pages) => _writer.LimitAsync(pages);
}
