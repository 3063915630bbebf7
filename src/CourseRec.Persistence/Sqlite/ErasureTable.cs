using System.Security.Cryptography;
using System.Text;
using CourseRec.Actors;
using CourseRec.Actors.Ports;
using Microsoft.Data.Sqlite;

namespace CourseRec.Persistence.Sqlite;

/// <summary>
/// The markers of erased users, by SHA-256 of the user: they outlive everything else and name nobody.
/// </summary>
internal sealed class ErasureTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement _find = new(connection, "SELECT version, time FROM erasure WHERE user_hash = ?1");

    private readonly Statement _mark = new(
        connection,
        """
        INSERT INTO erasure (user_hash, version, time) VALUES (?1, ?2, ?3)
        ON CONFLICT DO UPDATE SET version = max(version, excluded.version), time = max(time, excluded.time)
        """
    );

    public Erasure? Find(string user)
    {
        if (!_find.Bind(1, Hash(user)).Step())
            return null;
        var found = new Erasure(new LogVersion(_find.Long(0)), _find.Long(1));
        _find.Reset();
        return found;
    }

    /// <summary>Marks a user as erased. Neither version nor time of a marker ever goes back.</summary>
    public void Mark(string user, Erasure erasure) =>
        _mark.Bind(1, Hash(user)).Bind(2, erasure.Version.Value).Bind(3, erasure.Time).Run();

    public void Dispose()
    {
        _find.Dispose();
        _mark.Dispose();
    }

    private static ReadOnlySpan<byte> Hash(string user) => SHA256.HashData(Encoding.UTF8.GetBytes(user));
}
