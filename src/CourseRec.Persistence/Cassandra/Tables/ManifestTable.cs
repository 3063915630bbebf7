using CourseRec.Actors.Ports;
using CourseRec.Cql;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>
/// What the store is pinned to. Written under conditions (lightweight transactions): nothing in it is versioned.
/// </summary>
internal sealed class ManifestTable
{
    private const int FirstFormat = 1;

    private const string Update = """
        UPDATE manifest SET generation = ?, log = ?, partitions = ?, rules = ?, session_format = ? WHERE id = 'store'
        IF generation = ? AND log = ? AND partitions = ? AND rules = ?
        """;

    private readonly CqlCluster _cluster;
    private readonly CqlStatement _find;
    private readonly CqlStatement _insert;
    private readonly CqlStatement _replace;
    private readonly CqlStatement _replaceFirst;
    private readonly CqlConsistency _serial;

    private ManifestTable(
        CqlCluster cluster,
        CqlStatement find,
        CqlStatement insert,
        CqlStatement replace,
        CqlStatement replaceFirst,
        CqlConsistency serial
    ) =>
        (_cluster, _find, _insert, _replace, _replaceFirst, _serial) = (
            cluster,
            find,
            insert,
            replace,
            replaceFirst,
            serial
        );

    public static async Task<ManifestTable> PrepareAsync(
        CqlCluster cluster,
        CqlConsistency serial,
        CancellationToken cancel
    ) =>
        new(
            cluster,
            await cluster.PrepareAsync(
                "SELECT generation, log, partitions, rules, session_format FROM manifest WHERE id = 'store'",
                [],
                cancel
            ),
            await cluster.PrepareAsync(
                "INSERT INTO manifest (id, generation, log, partitions, rules, session_format) VALUES ('store', ?, "
                    + "?, ?, ?, ?) IF NOT EXISTS",
                [],
                cancel
            ),
            await cluster.PrepareAsync($"{Update} AND session_format = ?", [], cancel),
            await cluster.PrepareAsync($"{Update} AND session_format = null", [], cancel),
            serial
        );

    /// <summary>Read in the same order as the conditions: one under way is finished first.</summary>
    public async Task<StoreManifest?> FindAsync(CancellationToken cancel)
    {
        var row = await _cluster.ExecuteAsync(_find.Bind(), _serial, cancel);
        if (!row.Read())
            return null;
        var log = new LogIdentity(row.Text(1), row.Int(2));
        return new StoreManifest(row.Int(0), log, row.Text(3), row.IsNull(4) ? FirstFormat : row.Int(4));
    }

    public async Task<bool> ReplaceAsync(StoreManifest? expected, StoreManifest manifest, CancellationToken cancel)
    {
        var statement =
            expected is null ? _insert
            : expected.SessionFormat == FirstFormat ? _replaceFirst
            : _replace;
        var row = BindFormat(Bind(statement.Bind(), manifest), manifest);
        if (expected is not null)
            Bind(row, expected);
        if (statement == _replace)
            row.Int(expected!.SessionFormat);
        var answer = await _cluster.ExecuteAsync(row, cancel: cancel);
        return answer.Read() && answer.Applied;
    }

    // A manifest of a time before formats were pinned has none; so the first one is written as none.
    private static CqlBound BindFormat(CqlBound row, StoreManifest manifest) =>
        manifest.SessionFormat == FirstFormat ? row.Null() : row.Int(manifest.SessionFormat);

    private static CqlBound Bind(CqlBound row, StoreManifest manifest) =>
        row.Int(manifest.Generation).Text(manifest.Log.Id).Int(manifest.Log.Partitions).Text(manifest.Rules);
}
