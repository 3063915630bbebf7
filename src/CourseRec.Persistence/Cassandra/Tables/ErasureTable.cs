using System.Security.Cryptography;
using System.Text;
using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Cql;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>
/// The markers of erased users, by SHA-256 of the user: they outlive everything else and name nobody. Each of the two
/// cells is written with its own value as its timestamp, so neither ever goes back.
/// </summary>
internal sealed class ErasureTable
{
    private readonly CqlCluster _cluster;
    private readonly CqlStatement _find;
    private readonly CqlStatement _version;
    private readonly CqlStatement _time;

    private ErasureTable(CqlCluster cluster, CqlStatement find, CqlStatement version, CqlStatement time) =>
        (_cluster, _find, _version, _time) = (cluster, find, version, time);

    public static async Task<ErasureTable> PrepareAsync(CqlCluster cluster, CancellationToken cancel) =>
        new(
            cluster,
            await cluster.PrepareAsync(
                "SELECT version, time, WRITETIME(version), WRITETIME(time) FROM erasure WHERE user_hash = ?",
                [0],
                cancel
            ),
            await cluster.PrepareAsync(
                "UPDATE erasure USING TIMESTAMP ? SET version = ? WHERE user_hash = ?",
                [2],
                cancel
            ),
            await cluster.PrepareAsync("UPDATE erasure USING TIMESTAMP ? SET time = ? WHERE user_hash = ?", [2], cancel)
        );

    public async Task<Erasure?> FindAsync(string user, CancellationToken cancel)
    {
        var row = await _cluster.ExecuteAsync(_find.Bind().Blob(Hash(user)), cancel: cancel);
        if (!row.Read())
            return null;
        if (row.IsNull(0) || row.IsNull(1))
            throw WriteTime.Damaged("an erased user's marker", "a part of it is missing");
        var found = new Erasure(new LogVersion(row.BigInt(0)), row.Timestamp(1));
        WriteTime.Check(row, 2, found.Version.Value, "an erased user's marker");
        WriteTime.Check(row, 3, found.Time, "an erased user's marker");
        return found;
    }

    /// <summary>Marks a user as erased.</summary>
    public async Task MarkAsync(string user, Erasure erasure, CancellationToken cancel)
    {
        var (hash, version, time) = (Hash(user), erasure.Version.Value, erasure.Time);
        await _cluster.ExecuteAsync(
            new CqlBatch()
                .Add(_version.Bind().BigInt(version).BigInt(version).Blob(hash))
                .Add(_time.Bind().BigInt(time).Timestamp(time).Blob(hash)),
            cancel: cancel
        );
    }

    private static byte[] Hash(string user) => SHA256.HashData(Encoding.UTF8.GetBytes(user));
}
