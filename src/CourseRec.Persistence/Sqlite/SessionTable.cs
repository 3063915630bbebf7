using CourseRec.Actors;
using CourseRec.Actors.Ports;
using Microsoft.Data.Sqlite;

namespace CourseRec.Persistence.Sqlite;

/// <summary>Writes sessions with their interactions, and erases them.</summary>
internal sealed class SessionTable(SqliteConnection connection) : IDisposable
{
    private readonly ErasureTable _erasures = new(connection);
    private readonly InteractionTable _interactions = new(connection);
    private readonly ParkedTable _parked = new(connection);

    private readonly Statement _find = new(
        connection,
        "SELECT id, version, last_interaction FROM session WHERE user = ?1"
    );

    private readonly Statement _insert = new(
        connection,
        "INSERT INTO session (id, user, version, last_interaction, blob) VALUES (NULL, ?1, ?2, ?3, ?4)"
    );

    // Found first and updated by id, not upserted: one search of the index serves the version check and the write.
    private readonly Statement _update = new(
        connection,
        "UPDATE session SET version = ?2, last_interaction = ?3, blob = ?4 WHERE id = ?1"
    );

    private readonly Statement _relink = new(connection, "UPDATE session SET last_interaction = ?2 WHERE id = ?1");
    private readonly Statement _delete = new(connection, "DELETE FROM session WHERE id = ?1");

    /// <summary>Applies a write, unless what is stored is as new.</summary>
    public void Write(SessionWrite write)
    {
        if (write.Erasure is { } erasure)
        {
            _erasures.Mark(write.User, erasure);
            Forget(write.User, erasure.Version);
            _parked.Forget(write.User, erasure.Version);
        }
        if (!write.Blob.IsEmpty)
            Store(write);
        else if (Find(write.User)?.Version <= write.Version)
            Forget(write.User, write.Version);
    }

    /// <summary>Parks a user, or ends it, unless something newer was said or the user was erased since.</summary>
    public void Write(Parking parking)
    {
        if (_erasures.Find(parking.User) is not { } erasure || erasure.Version < parking.Version)
            _parked.Write(parking);
    }

    public void Dispose()
    {
        _erasures.Dispose();
        _interactions.Dispose();
        _parked.Dispose();
        _find.Dispose();
        _insert.Dispose();
        _update.Dispose();
        _relink.Dispose();
        _delete.Dispose();
    }

    // A stored session is newer than the user's marker, because erasing deletes it: the marker matters only where none
    // is stored.
    private void Store(SessionWrite write)
    {
        var found = Find(write.User);
        var stored = found?.Version ?? _erasures.Find(write.User)?.Version ?? LogVersion.None;
        if (write.Version <= stored)
            return;
        var last = found?.Last ?? 0;
        foreach (var interaction in write.Interactions)
        {
            if (interaction.Version > stored)
                last = _interactions.Append(write.User, interaction, last);
        }
        if (found is { } row)
            _update.Bind(1, row.Id).Bind(2, write.Version.Value).Bind(3, last).Bind(4, write.Blob.Span).Run();
        else
            Insert(write, last);
    }

    private void Insert(SessionWrite write, long last)
    {
        _insert.Bind(1, write.User).Bind(2, write.Version.Value);
        _insert.Bind(3, last).Bind(4, write.Blob.Span).Run();
    }

    private void Forget(string user, LogVersion upTo)
    {
        if (Find(user) is not { } row)
            return;
        var last = _interactions.Delete(row.Last, upTo);
        if (row.Version <= upTo)
            _delete.Bind(1, row.Id).Run();
        else if (last != row.Last)
            _relink.Bind(1, row.Id).Bind(2, last).Run();
    }

    private Row? Find(string user)
    {
        if (!_find.Bind(1, user).Step())
            return null;
        var row = new Row(_find.Long(0), new LogVersion(_find.Long(1)), _find.Long(2));
        _find.Reset();
        return row;
    }

    private readonly record struct Row(long Id, LogVersion Version, long Last);
}
