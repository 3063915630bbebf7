using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Models.Interactions;
using CourseRec.Sqlite;

namespace CourseRec.Persistence.Sqlite;

/// <summary>The reading connection: it sees the last whole flush and never waits for the writer. A call reads one state.</summary>
internal sealed class StoreReader : IAsyncDisposable
{
    private readonly StoreConnection _store;
    private readonly ManifestTable _manifest;
    private readonly ErasureTable _erasures;
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
        _erasures = new ErasureTable(_store.Connection);
        _transaction = new Transaction(_store.Connection, writes: false);
        _checkpoint = Prepare("SELECT version, event_id, accepted_at FROM checkpoint WHERE partition = ?1");
        _counters = Prepare(
            "SELECT since, version, is_snapshot, data FROM counters WHERE partition = ?1 ORDER BY version"
        );
        _session = Prepare("SELECT user, version, blob FROM session WHERE partition = ?1 AND user = ?2");
        _sessions = Prepare(
            "SELECT user, version, blob FROM session WHERE partition = ?1 AND user > ?2 ORDER BY user LIMIT ?3"
        );
        _chain = Prepare(
            """
            WITH RECURSIVE chain (id) AS (
                SELECT last_interaction FROM session WHERE partition = ?1 AND user = ?2
                UNION ALL
                SELECT previous FROM interaction JOIN chain USING (id)
            )
            SELECT id FROM chain WHERE id > 0
            """
        );
        _interaction = Prepare(
            "SELECT version, event_id, course, type, value, time FROM interaction WHERE id = ?1 AND partition = ?2 AND user = ?3"
        );
    }

    public Task<StoreManifest?> ReadManifestAsync(CancellationToken cancel) => ReadAsync(_manifest.Find, cancel);

    public Task<string?> ReadJournalModeAsync(CancellationToken cancel) =>
        _store.RunAsync(() => _store.Connection.Read<string>("PRAGMA journal_mode"), cancel);

    public Task<StoredPartition> LoadPartitionAsync(int partition, CancellationToken cancel) =>
        ReadAsync(() => new StoredPartition(Checkpoint(partition), Counters(partition)), cancel);

    public Task<StoredSession?[]> LoadSessionsAsync(
        int partition,
        IReadOnlyList<string> users,
        CancellationToken cancel
    ) => ReadAsync(() => users.Select(user => Session(partition, user)).ToArray(), cancel);

    /// <summary>The next sessions, by user.</summary>
    public Task<List<StoredSession>> ListSessionsAsync(
        int partition,
        string after,
        int count,
        CancellationToken cancel
    ) => ReadAsync(() => Sessions(partition, after, count), cancel);

    /// <summary>Where a user's interactions are, by version.</summary>
    public Task<List<long>> FindInteractionsAsync(int partition, string user, CancellationToken cancel) =>
        ReadAsync(() => Chain(partition, user), cancel);

    /// <summary>The interactions at some places, without those erased meanwhile.</summary>
    public Task<List<StoredInteraction>> ReadInteractionsAsync(
        int partition,
        string user,
        ArraySegment<long> ids,
        CancellationToken cancel
    ) =>
        ReadAsync(
            () => ids.Select(id => Interaction(id, partition, user)).OfType<StoredInteraction>().ToList(),
            cancel
        );

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync().ConfigureAwait(false);
        _manifest.Dispose();
        _erasures.Dispose();
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

    private List<CounterChange> Counters(int partition)
    {
        var changes = new List<CounterChange>();
        _counters.Bind(1, partition);
        while (_counters.Step())
            changes.Add(
                new CounterChange(
                    new LogVersion(_counters.Long(0)),
                    new LogVersion(_counters.Long(1)),
                    _counters.Long(2) == 1,
                    _counters.Bytes(3)
                )
            );
        return changes;
    }

    private StoredSession? Session(int partition, string user)
    {
        var erasure = _erasures.Find(partition, user);
        if (!_session.Bind(1, partition).Bind(2, user).Step())
            return erasure is { } marker ? new StoredSession(user, marker.Version, default, marker) : null;
        var found = Current(_session) with { Erasure = erasure };
        _session.Reset();
        return found;
    }

    private List<StoredSession> Sessions(int partition, string after, int count)
    {
        var found = new List<StoredSession>();
        _sessions.Bind(1, partition).Bind(2, after).Bind(3, count);
        while (_sessions.Step())
        {
            var session = Current(_sessions);
            found.Add(session with { Erasure = _erasures.Find(partition, session.User) });
        }
        return found;
    }

    private List<long> Chain(int partition, string user)
    {
        var ids = new List<long>();
        _chain.Bind(1, partition).Bind(2, user);
        while (_chain.Step())
            ids.Add(_chain.Long(0));
        ids.Reverse();
        return ids;
    }

    private StoredInteraction? Interaction(long id, int partition, string user)
    {
        if (!_interaction.Bind(1, id).Bind(2, partition).Bind(3, user).Step())
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
