using CourseRec.Actors.Partitions;
using CourseRec.Cql;
using CourseRec.Cql.Errors;

namespace CourseRec.Persistence.Cassandra.Schema;

/// <summary>Nodes only look at the schema: <see cref="CassandraMigrator"/> makes it.</summary>
internal static class SchemaVerifier
{
    /// <summary>
    /// Checks that the schema is the one this program needs, and that versions as timestamps work on this cluster.
    /// </summary>
    /// <exception cref="StoreMismatchException">It is not; the message says what to do.</exception>
    public static async Task VerifyAsync(CqlCluster cluster, string keyspace, CancellationToken cancel)
    {
        var found = await VersionAsync(cluster, keyspace, cancel);
        if (found == 0)
            throw new StoreMismatchException(
                $"The Cassandra keyspace {keyspace} has no CourseRec schema. Make it: courserec migrate --cassandra "
                    + "HOST."
            );
        if (found < CassandraSchema.Latest)
            throw new StoreMismatchException(
                $"The Cassandra keyspace {keyspace} has schema version {found}, this program needs "
                    + $"{CassandraSchema.Latest}. "
                    + "Bring it up: courserec migrate --cassandra HOST."
            );
        if (found > CassandraSchema.Latest)
            throw new StoreMismatchException(
                $"The Cassandra keyspace {keyspace} has schema version {found}, this program knows "
                    + $"{CassandraSchema.Latest}. Use a newer program."
            );
        foreach (var (table, strategy) in await ClusterSettings.CompactionAsync(cluster, keyspace, cancel))
        {
            if (CassandraSchema.VersionedTables.Contains(table) && IsByTime(strategy))
                throw new StoreMismatchException(
                    $"The Cassandra table {keyspace}.{table} is compacted by time windows, and its timestamps are "
                        + "no times but versions. Change it: "
                        + $"ALTER TABLE {keyspace}.{table} WITH compaction = {{'class': "
                        + "'SizeTieredCompactionStrategy'}}."
                );
        }
        if (await ClusterSettings.MinimumTimestampAsync(cluster, "fail", cancel) is { } limit)
            throw new StoreMismatchException(
                $"The Cassandra cluster refuses timestamps older than {limit} (minimum_timestamp_fail_threshold); "
                    + "here they are versions, "
                    + "and look like 1970. Take that guardrail out."
            );
    }

    /// <summary>The schema's version; 0 when there is none.</summary>
    public static async Task<int> VersionAsync(CqlCluster cluster, string keyspace, CancellationToken cancel)
    {
        try
        {
            var rows = await cluster.QueryAsync($"SELECT version FROM {keyspace}.migration", cancel: cancel);
            var version = 0;
            while (rows.Read())
                version = Math.Max(version, rows.Int(0));
            return version;
        }
        catch (CqlServerException e) when (e.Error == CqlError.Invalid)
        {
            return 0; // No such keyspace or table.
        }
    }

    public static bool IsByTime(string strategy) =>
        strategy.Contains("TimeWindow", StringComparison.Ordinal)
        || strategy.Contains("DateTiered", StringComparison.Ordinal);
}
