using CourseRec.Actors;
using CourseRec.Actors.Ports;
using Microsoft.Data.Sqlite;

namespace CourseRec.Persistence.Sqlite;

/// <summary>The users whose records are put aside.</summary>
internal sealed class ParkedTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement _list = new(
        connection,
        "SELECT user, version, time, reason FROM parked WHERE reason IS NOT NULL"
    );

    private readonly Statement _write = new(
        connection,
        """
        INSERT INTO parked (user, version, time, reason) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT DO UPDATE SET version = excluded.version, time = excluded.time, reason = excluded.reason
        WHERE excluded.version > version
        """
    );

    private readonly Statement _forget = new(connection, "DELETE FROM parked WHERE user = ?1 AND version <= ?2");

    public List<Parking> List() =>
        _list.ReadAll(row => new Parking(row.Text(0), new LogVersion(row.Long(1)), row.Long(2), row.Text(3)));

    /// <summary>Parks a user, or ends it, unless something newer was said.</summary>
    public void Write(Parking parking) =>
        _write.Bind(1, parking.User).Bind(2, parking.Version.Value).Bind(3, parking.Time).Bind(4, parking.Reason).Run();

    /// <summary>Forgets what was said of a user up to a version.</summary>
    public void Forget(string user, LogVersion upTo) => _forget.Bind(1, user).Bind(2, upTo.Value).Run();

    public void Dispose()
    {
        _list.Dispose();
        _write.Dispose();
        _forget.Dispose();
    }
}
