using CourseRec.Actors;
using CourseRec.Actors.Ports;
using Microsoft.Data.Sqlite;

namespace CourseRec.Persistence.Sqlite;

/// <summary>Writes sessions with their interactions, and erases them.</summary>
internal sealed class SessionTable(SqliteConnection connection) : IDisposable
{
    private readonly ErasureTable _erasures = new(connection);
    private readonly InteractionTable _interactions = new(connection);

    private readonly Statement _find = new(
        connection,
        "SELECT id, version, last_interaction FROM session WHERE partition = ?1 AND user = ?2"
    );

    private readonly Statement _insert = new(
        connection,
        "INSERT INTO session (id, partition, user, version, last_interaction, blob) VALUES (NULL, ?1, ?2, ?3, ?4, ?5)"
    );

    // Found first and updated by id, not upserted: one search of the index serves the version check and the write.
    private readonly Statement _update = new(
        connection,
        "UPDATE session SET version = ?2, last_interaction = ?3, blob = ?4 WHERE id = ?1"
    );

    private readonly Statement _relink = new(connection, "UPDATE session SET last_interaction = ?2 WHERE id = ?1");
    private readonly Statement _delete = new(connection, "DELETE FROM session WHERE id = ?1");

    /// <summary>Applies a write, unless what is stored is as new.</summary>
    public void Write(int partition, SessionWrite write)
    {
        if (write.Erasure is { } erasure)
        {
            _erasures.Mark(partition, write.User, erasure);
            Forget(partition, write.User, erasure.Version);
        }
        if (!write.Blob.IsEmpty)
            Store(partition, write);
        else if (Find(partition, write.User)?.Version <= write.Version)
            Forget(partition, write.User, write.Version);
    }

    public void Dispose()
    {
        _erasures.Dispose();
        _interactions.Dispose();
        _find.Dispose();
        _insert.Dispose();
        _update.Dispose();
        _relink.Dispose();
        _delete.Dispose();
    }

    // A stored session is newer than the user's marker, because erasing deletes it: the marker matters only where none is stored.
    private void Store(int partition, SessionWrite write)
    {
        var found = Find(partition, write.User);
        var stored = found?.Version ?? _erasures.Find(partition, write.User)?.Version ?? LogVersion.None;
        if (write.Version <= stored)
            return;
        var last = found?.Last ?? 0;
        foreach (var interaction in write.Interactions)
        {
            if (interaction.Version > stored)
                last = _interactions.Append(partition, write.User, interaction, last);
        }
        if (found is { } row)
            _update.Bind(1, row.Id).Bind(2, write.Version.Value).Bind(3, last).Bind(4, write.Blob.Span).Run();
        else
            Insert(partition, write, last);
    }

    private void Insert(int partition, SessionWrite write, long last)
    {
        _insert.Bind(1, partition).Bind(2, write.User).Bind(3, write.Version.Value);
        _insert.Bind(4, last).Bind(5, write.Blob.Span).Run();
    }

    private void Forget(int partition, string user, LogVersion upTo)
    {
        if (Find(partition, user) is not { } row)
            return;
        var last = _interactions.Delete(row.Last, upTo);
        if (row.Version <= upTo)
            _delete.Bind(1, row.Id).Run();
        else if (last != row.Last)
            _relink.Bind(1, row.Id).Bind(2, last).Run();
    }

    private Row? Find(int partition, string user)
    {
        if (!_find.Bind(1, partition).Bind(2, user).Step())
            return null;
        var row = new Row(_find.Long(0), new LogVersion(_find.Long(1)), _find.Long(2));
        _find.Reset();
        return row;
    }

    private readonly record struct Row(long Id, LogVersion Version, long Last);
}
