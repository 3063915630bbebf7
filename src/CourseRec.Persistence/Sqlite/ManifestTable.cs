using CourseRec.Actors.Ports;
using Microsoft.Data.Sqlite;

namespace CourseRec.Persistence.Sqlite;

/// <summary>What the store is pinned to.</summary>
internal sealed class ManifestTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement _find = new(
        connection,
        "SELECT generation, log, partitions, rules, session_format FROM manifest"
    );

    private readonly Statement _write = new(
        connection,
        "INSERT OR REPLACE INTO manifest (id, generation, log, partitions, rules, session_format) VALUES (1, ?1, "
            + "?2, ?3, ?4, ?5)"
    );

    public StoreManifest? Find()
    {
        if (!_find.Step())
            return null;
        var log = new LogIdentity(_find.Text(1), (int)_find.Long(2));
        var found = new StoreManifest((int)_find.Long(0), log, _find.Text(3), (int)_find.Long(4));
        _find.Reset();
        return found;
    }

    public bool Replace(StoreManifest? expected, StoreManifest manifest)
    {
        if (Find() != expected)
            return false;
        _write.Bind(1, manifest.Generation).Bind(2, manifest.Log.Id).Bind(3, manifest.Log.Partitions);
        _write.Bind(4, manifest.Rules).Bind(5, manifest.SessionFormat).Run();
        return true;
    }

    public void Dispose()
    {
        _find.Dispose();
        _write.Dispose();
    }
}
