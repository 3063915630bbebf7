using CourseRec.Actors.Ports;
using Microsoft.Data.Sqlite;

namespace CourseRec.Persistence.Sqlite;

/// <summary>Writes checkpoints and counters.</summary>
internal sealed class PartitionTables(SqliteConnection connection) : IDisposable
{
    private readonly Statement _checkpoint = new(
        connection,
        """
        INSERT INTO checkpoint (partition, version, event_id, accepted_at) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT DO UPDATE SET version = excluded.version, event_id = excluded.event_id, accepted_at = excluded.accepted_at
        WHERE excluded.version > version
        """
    );

    private readonly Statement _forget = new(connection, "DELETE FROM counters WHERE partition = ?1 AND version <= ?2");

    private readonly Statement _add = new(
        connection,
        """
        INSERT INTO counters (partition, since, version, is_snapshot, data) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (partition, version) DO NOTHING
        """
    );

    public void Write(int partition, Checkpoint checkpoint)
    {
        _checkpoint.Bind(1, partition).Bind(2, checkpoint.Version.Value);
        _checkpoint.Bind(3, checkpoint.EventId).Bind(4, checkpoint.AcceptedAt).Run();
    }

    /// <summary>
    /// Stores a change, unless one of its version is stored: both count up to the same record. A newer one is no
    /// reason to leave it out, for which changes follow one another is the reader's to find. A snapshot replaces
    /// everything up to its version.
    /// </summary>
    public void Write(int partition, CounterChange change)
    {
        if (change.IsSnapshot)
            _forget.Bind(1, partition).Bind(2, change.Version.Value).Run();
        _add.Bind(1, partition).Bind(2, change.Since.Value).Bind(3, change.Version.Value);
        _add.Bind(4, change.IsSnapshot ? 1 : 0).Bind(5, change.Data.Span).Run();
    }

    public void Dispose()
    {
        _checkpoint.Dispose();
        _forget.Dispose();
        _add.Dispose();
    }
}
