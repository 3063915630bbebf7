using System.Security.Cryptography;
using System.Text;
using CourseRec.Actors;
using CourseRec.Actors.Ports;
using Microsoft.Data.Sqlite;

namespace CourseRec.Persistence.Sqlite;

/// <summary>The markers of erased users, by SHA-256 of the user: they outlive everything else and name nobody.</summary>
internal sealed class ErasureTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement _find = new(
        connection,
        "SELECT version, time FROM erasure WHERE partition = ?1 AND user_hash = ?2"
    );

    private readonly Statement _mark = new(
        connection,
        """
        INSERT INTO erasure (partition, user_hash, version, time) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT DO UPDATE SET version = excluded.version, time = excluded.time WHERE excluded.version > version
        """
    );

    public Erasure? Find(int partition, string user)
    {
        if (!_find.Bind(1, partition).Bind(2, Hash(user)).Step())
            return null;
        var found = new Erasure(new LogVersion(_find.Long(0)), _find.Long(1));
        _find.Reset();
        return found;
    }

    public void Mark(int partition, string user, Erasure erasure) =>
        _mark.Bind(1, partition).Bind(2, Hash(user)).Bind(3, erasure.Version.Value).Bind(4, erasure.Time).Run();

    public void Dispose()
    {
        _find.Dispose();
        _mark.Dispose();
    }

    private static ReadOnlySpan<byte> Hash(string user) => SHA256.HashData(Encoding.UTF8.GetBytes(user));
}
