using CourseRec.Actors;
using CourseRec.Actors.Ports;
using Microsoft.Data.Sqlite;

namespace CourseRec.Persistence.Sqlite;

/// <summary>Writes interactions: appended, each pointing to its user's one before (0: none).</summary>
internal sealed class InteractionTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement _append = new(
        connection,
        """
        INSERT INTO interaction (id, previous, user, version, event_id, course, type, value, time)
        VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """
    );

    private readonly Statement _find = new(connection, "SELECT version, previous FROM interaction WHERE id = ?1");
    private readonly Statement _delete = new(connection, "DELETE FROM interaction WHERE id = ?1");
    private readonly Statement _end = new(connection, "UPDATE interaction SET previous = 0 WHERE id = ?1");

    /// <summary>Appends a user's next interaction; answers its id.</summary>
    public long Append(string user, in StoredInteraction interaction, long previous)
    {
        _append.Bind(1, previous).Bind(2, user).Bind(3, interaction.Version.Value);
        _append.Bind(4, interaction.EventId).Bind(5, interaction.Course).Bind(6, (long)interaction.Type);
        _append.Bind(7, interaction.Value).Bind(8, interaction.Time).Run();
        return _append.InsertedId;
    }

    /// <summary>
    /// Deletes a user's interactions up to a version; answers the id of the last one that is left, or 0.
    /// </summary>
    public long Delete(long last, LogVersion upTo)
    {
        var (oldestKept, id) = (0L, last);
        while (Find(id) is { } newer && newer.Version > upTo)
            (oldestKept, id) = (id, newer.Previous);
        while (Find(id) is { } old)
        {
            _delete.Bind(1, id).Run();
            id = old.Previous;
        }
        if (oldestKept == 0)
            return 0;
        _end.Bind(1, oldestKept).Run();
        return last;
    }

    public void Dispose()
    {
        _append.Dispose();
        _find.Dispose();
        _delete.Dispose();
        _end.Dispose();
    }

    private (LogVersion Version, long Previous)? Find(long id)
    {
        if (id == 0 || !_find.Bind(1, id).Step())
            return null;
        var found = (new LogVersion(_find.Long(0)), _find.Long(1));
        _find.Reset();
        return found;
    }
}
