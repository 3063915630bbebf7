using CourseRec.Actors.Ports;
using CourseRec.Persistence.Cassandra.Cql;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>What the store is pinned to. The only table that is written under conditions (lightweight transactions): nothing in it is versioned.</summary>
internal sealed class ManifestTable
{
    private readonly CqlCluster _cluster;
    private readonly CqlStatement _find;
    private readonly CqlStatement _insert;
    private readonly CqlStatement _replace;
    private readonly CqlConsistency _serial;

    private ManifestTable(
        CqlCluster cluster,
        CqlStatement find,
        CqlStatement insert,
        CqlStatement replace,
        CqlConsistency serial
    ) => (_cluster, _find, _insert, _replace, _serial) = (cluster, find, insert, replace, serial);

    public static async Task<ManifestTable> PrepareAsync(
        CqlCluster cluster,
        CqlConsistency serial,
        CancellationToken cancel
    ) =>
        new(
            cluster,
            await cluster.PrepareAsync(
                "SELECT generation, log, partitions, rules FROM manifest WHERE id = 'store'",
                [],
                cancel
            ),
            await cluster.PrepareAsync(
                "INSERT INTO manifest (id, generation, log, partitions, rules) VALUES ('store', ?, ?, ?, ?) IF NOT EXISTS",
                [],
                cancel
            ),
            await cluster.PrepareAsync(
                "UPDATE manifest SET generation = ?, log = ?, partitions = ?, rules = ? WHERE id = 'store' IF generation = ? AND log = ? AND partitions = ? AND rules = ?",
                [],
                cancel
            ),
            serial
        );

    /// <summary>Read in the same order as the conditions: one under way is finished first.</summary>
    public async Task<StoreManifest?> FindAsync(CancellationToken cancel)
    {
        var row = await _cluster.ExecuteAsync(_find.Bind(), _serial, cancel);
        if (!row.Read())
            return null;
        var log = new LogIdentity(row.Text(1), row.Int(2));
        return new StoreManifest(row.Int(0), log, row.Text(3));
    }

    public async Task<bool> ReplaceAsync(StoreManifest? expected, StoreManifest manifest, CancellationToken cancel)
    {
        var row = Bind((expected is null ? _insert : _replace).Bind(), manifest);
        if (expected is not null)
            Bind(row, expected);
        var answer = await _cluster.ExecuteAsync(row, cancel: cancel);
        return answer.Read() && answer.Applied;
    }

    private static CqlBound Bind(CqlBound row, StoreManifest manifest) =>
        row.Int(manifest.Generation).Text(manifest.Log.Id).Int(manifest.Log.Partitions).Text(manifest.Rules);
}
