using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Models.Interactions;
using CourseRec.Sqlite;

namespace CourseRec.Persistence.Sqlite;

/// <summary>
/// The reading connection: it sees the last whole flush and never waits for the writer. A call reads one state.
/// </summary>
internal sealed class StoreReader : IAsyncDisposable
{
    private readonly StoreConnection _store;
    private readonly ManifestTable _manifest;
    private readonly ClaimTable _claims;
    private readonly ErasureTable _erasures;
    private readonly ParkedTable _parked;
    private readonly Transaction _transaction;
    private readonly Statement _checkpoint;
    private readonly Statement _counters;
    private readonly Statement _session;
    private readonly Statement _sessions;
    private readonly Statement _chain;
    private readonly Statement _interaction;

    public StoreReader(SqliteFile file, SqliteSessionStoreOptions options)
    {
        _store = new StoreConnection(file, options);
        _manifest = new ManifestTable(_store.Connection);
        _claims = new ClaimTable(_store.Connection);
        _erasures = new ErasureTable(_store.Connection);
        _parked = new ParkedTable(_store.Connection);
        _transaction = new Transaction(_store.Connection, writes: false);
        _checkpoint = Prepare("SELECT version, event_id, accepted_at FROM checkpoint WHERE partition = ?1");
        _counters = Prepare(
            "SELECT since, version, is_snapshot, data FROM counters WHERE partition = ?1 AND version > ?2 ORDER BY "
                + "version"
        );
        _session = Prepare("SELECT user, version, blob FROM session WHERE user = ?1");
        _sessions = Prepare("SELECT user, version, blob FROM session WHERE user > ?1 ORDER BY user LIMIT ?2");
        _chain = Prepare(
            """
            WITH RECURSIVE chain (id) AS (
                SELECT last_interaction FROM session WHERE user = ?1
                UNION ALL
                SELECT previous FROM interaction JOIN chain USING (id)
            )
            SELECT id FROM chain WHERE id > 0
            """
        );
        _interaction = Prepare(
            "SELECT version, event_id, course, type, value, time FROM interaction WHERE id = ?1 AND user = ?2"
        );
    }

    public Task<StoreManifest?> ReadManifestAsync(CancellationToken cancel) => ReadAsync(_manifest.Find, cancel);

    public Task<PartitionClaim?> ReadClaimAsync(int partition, CancellationToken cancel) =>
        ReadAsync(() => _claims.Find(partition), cancel);

    public Task<string?> ReadJournalModeAsync(CancellationToken cancel) =>
        _store.RunAsync(() => _store.Connection.Read<string>("PRAGMA journal_mode"), cancel);

    public Task<StoredPartition> LoadPartitionAsync(int partition, CancellationToken cancel) =>
        ReadAsync(() => new StoredPartition(Checkpoint(partition), Counters(partition, LogVersion.None)), cancel);

    public Task<List<CounterChange>> LoadCountersAsync(int partition, LogVersion since, CancellationToken cancel) =>
        ReadAsync(() => Counters(partition, since), cancel);

    public Task<List<Parking>> ListParkedAsync(CancellationToken cancel) => ReadAsync(_parked.List, cancel);

    public Task<StoredSession?[]> LoadSessionsAsync(IReadOnlyList<string> users, CancellationToken cancel) =>
        ReadAsync(() => users.Select(Session).ToArray(), cancel);

    /// <summary>The next sessions, by user.</summary>
    public Task<List<StoredSession>> ListSessionsAsync(string after, int count, CancellationToken cancel) =>
        ReadAsync(() => Sessions(after, count), cancel);

    /// <summary>Where a user's interactions are, by version.</summary>
    public Task<List<long>> FindInteractionsAsync(string user, CancellationToken cancel) =>
        ReadAsync(() => Chain(user), cancel);

    /// <summary>The interactions at some places, without those erased meanwhile.</summary>
    public Task<List<StoredInteraction>> ReadInteractionsAsync(
        string user,
        ArraySegment<long> ids,
        CancellationToken cancel
    ) => ReadAsync(() => ids.Select(id => Interaction(id, user)).OfType<StoredInteraction>().ToList(), cancel);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _manifest.Dispose();
        _claims.Dispose();
        _erasures.Dispose();
        _parked.Dispose();
        _transaction.Dispose();
        foreach (var statement in new[] { _checkpoint, _counters, _session, _sessions, _chain, _interaction })
            statement.Dispose();
    }

    private Statement Prepare(string sql) => new(_store.Connection, sql);

    private Task<T> ReadAsync<T>(Func<T> read, CancellationToken cancel) =>
        _store.RunAsync(() => _transaction.Run(read), cancel);

    private Checkpoint? Checkpoint(int partition)
    {
        if (!_checkpoint.Bind(1, partition).Step())
            return null;
        var version = new LogVersion(_checkpoint.Long(0));
        var found = new Checkpoint(version, _checkpoint.Text(1), _checkpoint.Long(2));
        _checkpoint.Reset();
        return found;
    }

    private List<CounterChange> Counters(int partition, LogVersion since) =>
        _counters
            .Bind(1, partition)
            .Bind(2, since.Value)
            .ReadAll(row => new CounterChange(
                new LogVersion(row.Long(0)),
                new LogVersion(row.Long(1)),
                row.Long(2) == 1,
                row.Bytes(3)
            ));

    private StoredSession? Session(string user)
    {
        var erasure = _erasures.Find(user);
        if (!_session.Bind(1, user).Step())
            return erasure is { } marker ? new StoredSession(user, marker.Version, default, marker) : null;
        var found = Current(_session) with { Erasure = erasure };
        _session.Reset();
        return found;
    }

    private List<StoredSession> Sessions(string after, int count) =>
        _sessions
            .Bind(1, after)
            .Bind(2, count)
            .ReadAll(row =>
            {
                var session = Current(row);
                return session with { Erasure = _erasures.Find(session.User) };
            });

    private List<long> Chain(string user)
    {
        var ids = _chain.Bind(1, user).ReadAll(row => row.Long(0));
        ids.Reverse();
        return ids;
    }

    private StoredInteraction? Interaction(long id, string user)
    {
        if (!_interaction.Bind(1, id).Bind(2, user).Step())
            return null;
        var found = new StoredInteraction(
            new LogVersion(_interaction.Long(0)),
            _interaction.Text(1),
            _interaction.Text(2),
            (InteractionType)_interaction.Long(3),
            _interaction.Double(4),
            _interaction.Long(5)
        );
        _interaction.Reset();
        return found;
    }

    private static StoredSession Current(Statement session) =>
        new(session.Text(0), new LogVersion(session.Long(1)), session.Bytes(2), null);
}
