using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Cql;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>
/// Sessions: one cell a user, its version in front of the blob and as its write time. Two writers can't tear it, and
/// the newer one wins.
/// </summary>
internal sealed class SessionTable
{
    private const int VersionBytes = 8;
    private readonly CqlCluster _cluster;
    private readonly CqlStatement _find;
    private readonly CqlStatement _list;
    private readonly CqlStatement _store;
    private readonly CqlStatement _delete;
    private readonly CqlStatement _deleteRecommendation;

    private SessionTable(
        CqlCluster cluster,
        CqlStatement find,
        CqlStatement list,
        CqlStatement store,
        CqlStatement delete,
        CqlStatement deleteRecommendation
    ) =>
        (_cluster, _find, _list, _store, _delete, _deleteRecommendation) = (
            cluster,
            find,
            list,
            store,
            delete,
            deleteRecommendation
        );

    public static async Task<SessionTable> PrepareAsync(CqlCluster cluster, CancellationToken cancel) =>
        new(
            cluster,
            await cluster.PrepareAsync("SELECT user, state, WRITETIME(state) FROM session WHERE user = ?", [0], cancel),
            await cluster.PrepareAsync("SELECT user, state, WRITETIME(state) FROM session", [], cancel),
            await cluster.PrepareAsync(
                "INSERT INTO session (user, state) VALUES (?, ?) USING TIMESTAMP ?",
                [0],
                cancel
            ),
            await cluster.PrepareAsync("DELETE FROM session USING TIMESTAMP ? WHERE user = ?", [1], cancel),
            await cluster.PrepareAsync("DELETE FROM recommendation WHERE user = ?", [0], cancel)
        );

    /// <summary>The write of a session.</summary>
    public CqlBound Store(string user, LogVersion version, ReadOnlySpan<byte> blob)
    {
        var state = new byte[VersionBytes + blob.Length];
        BinaryPrimitives.WriteInt64BigEndian(state, version.Value);
        blob.CopyTo(state.AsSpan(VersionBytes));
        return _store.Bind().Text(user).Blob(state).BigInt(version.Value);
    }

    /// <summary>The deletion of a session up to a version.</summary>
    public CqlBound Delete(string user, LogVersion upTo) => _delete.Bind().BigInt(upTo.Value).Text(user);

    /// <summary>The deletion of a user's last list.</summary>
    public CqlBound DeleteRecommendation(string user) => _deleteRecommendation.Bind().Text(user);

    public async Task<StoredSession?> FindAsync(string user, CancellationToken cancel)
    {
        var row = await _cluster.ExecuteAsync(_find.Bind().Text(user), cancel: cancel);
        return row.Read() ? Read(row) : null;
    }

    /// <summary>All sessions, page by page.</summary>
    public async IAsyncEnumerable<List<StoredSession>> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var page in _cluster.PageAsync(_list.Bind(), cancel: cancel))
        {
            var sessions = new List<StoredSession>(page.Count);
            while (page.Read())
                sessions.Add(Read(page));
            yield return sessions;
        }
    }

    private static StoredSession Read(CqlRows row)
    {
        var user = row.Text(0);
        var state = row.IsNull(1) ? default : row.Blob(1);
        if (state.Length <= VersionBytes)
            return new StoredSession(user, default, state, null, WriteTime.Say("it has no version"));
        var version = new LogVersion(BinaryPrimitives.ReadInt64BigEndian(state.Span));
        var damage = WriteTime.Differs(row, 2, version.Value) is { } finding ? WriteTime.Say(finding) : null;
        return new StoredSession(user, version, state[VersionBytes..], null, damage);
    }
}
