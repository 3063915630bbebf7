using System.Text.Json;
using CourseRec.Cql;
using CourseRec.Cql.Errors;

namespace CourseRec.Persistence.Cassandra.Schema;

/// <summary>What the cluster says about itself. Where it says so depends on its release.</summary>
internal static class ClusterSettings
{
    private const int ReplicasWanted = 3;

    /// <summary>Compares settings with what production needs; one sentence a finding.</summary>
    public static async Task<IReadOnlyList<string>> CheckAsync(
        CqlCluster cluster,
        string keyspace,
        CancellationToken cancel
    )
    {
        var findings = new List<string>();
        if (await MinimumTimestampAsync(cluster, "warn", cancel) is { } limit)
            findings.Add(
                $"Cassandra warns of timestamps older than {limit} (minimum_timestamp_warn_threshold) at every "
                    + "write: here they are versions. Take that guardrail out."
            );
        var replicas = await ReplicasAsync(cluster, keyspace, cancel);
        var nodes = await CountNodesAsync(cluster, cancel);
        if (nodes >= ReplicasWanted && replicas < ReplicasWanted)
            findings.Add(
                $"Keyspace {keyspace} has {replicas} replicas in {cluster.DataCentre}: with fewer than "
                    + $"{ReplicasWanted}, one node that is away stops the partitions. "
                    + $"ALTER KEYSPACE {keyspace} WITH replication = {{'class': 'NetworkTopologyStrategy', "
                    + $"'{cluster.DataCentre}': {ReplicasWanted}}}, then repair."
            );
        if (replicas == 1 && await SettingAsync(cluster, "commitlog_sync", cancel) == "periodic")
            findings.Add(
                $"Keyspace {keyspace} has one replica, which acknowledges writes before they are on disk "
                    + "(commitlog_sync: periodic): a power failure can lose "
                    + "sessions whose checkpoint is stored. Set commitlog_sync to batch or group, or have three "
                    + "replicas."
            );
        return findings;
    }

    /// <summary>The compaction of each table of a keyspace: a strategy's name is in the text.</summary>
    public static async Task<IReadOnlyList<(string Table, string Strategy)>> CompactionAsync(
        CqlCluster cluster,
        string keyspace,
        CancellationToken cancel
    )
    {
        var rows = await cluster.QueryAsync(
            IsModern(cluster)
                ? $"SELECT table_name, toJson(compaction) FROM system_schema.tables WHERE keyspace_name = '{keyspace}'"
                : "SELECT columnfamily_name, compaction_strategy_class FROM system.schema_columnfamilies WHERE "
                    + $"keyspace_name = '{keyspace}'",
            cancel: cancel
        );
        var found = new List<(string, string)>();
        while (rows.Read())
            found.Add((rows.Text(0), rows.Text(1)));
        return found;
    }

    /// <summary>
    /// The guardrail on old timestamps, <c>warn</c> or <c>fail</c>; null when it is not set, or not known to this
    /// release.
    /// </summary>
    public static async Task<string?> MinimumTimestampAsync(
        CqlCluster cluster,
        string kind,
        CancellationToken cancel
    ) =>
        await SettingAsync(cluster, $"minimum_timestamp_{kind}_threshold", cancel) is { Length: > 0 } value
        && value != "null"
            ? value
            : null;

    // Releases from 4.0 on have a virtual table of their settings.
    private static async Task<string?> SettingAsync(CqlCluster cluster, string name, CancellationToken cancel)
    {
        try
        {
            var row = await cluster.QueryAsync(
                $"SELECT value FROM system_views.settings WHERE name = '{name}'",
                cancel: cancel
            );
            return row.Read() && !row.IsNull(0) ? row.Text(0) : null;
        }
        catch (CqlServerException e) when (e.Error is CqlError.Invalid or CqlError.Unauthorized)
        {
            return null;
        }
    }

    public static async Task<int> ReplicasAsync(CqlCluster cluster, string keyspace, CancellationToken cancel)
    {
        var row = await cluster.QueryAsync(
            IsModern(cluster)
                ? $"SELECT toJson(replication) FROM system_schema.keyspaces WHERE keyspace_name = '{keyspace}'"
                : $"SELECT strategy_options FROM system.schema_keyspaces WHERE keyspace_name = '{keyspace}'",
            cancel: cancel
        );
        if (!row.Read())
            return 0;
        using var options = JsonDocument.Parse(row.Text(0));
        foreach (var name in new[] { cluster.DataCentre, "replication_factor" })
        {
            if (
                options.RootElement.TryGetProperty(name, out var value)
                && int.TryParse(value.GetString(), out var factor)
            )
                return factor;
        }
        return 0;
    }

    public static async Task<int> CountNodesAsync(CqlCluster cluster, CancellationToken cancel)
    {
        var rows = await cluster.QueryAsync("SELECT data_center FROM system.peers", cancel: cancel);
        var nodes = 1;
        while (rows.Read())
            nodes += !rows.IsNull(0) && rows.Text(0) == cluster.DataCentre ? 1 : 0;
        return nodes;
    }

    private static bool IsModern(CqlCluster cluster) => int.Parse(cluster.Release.Split('.')[0]) >= 3;
}
