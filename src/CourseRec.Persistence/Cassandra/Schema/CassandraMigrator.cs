using System.Globalization;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Cql;
using CourseRec.Cql.Errors;
using Microsoft.Extensions.Logging;

namespace CourseRec.Persistence.Cassandra.Schema;

/// <summary>
/// Makes the schema, or brings it up to the version that this program needs. Run by one operator at a time; running it
/// again changes nothing.
/// </summary>
public static class CassandraMigrator
{
    /// <summary>Takes the steps that are missing.</summary>
    /// <param name="options">How the cluster is reached, and the keyspace.</param>
    /// <param name="replication">
    /// Of a keyspace that is made; one that there is keeps its own. Null: as many replicas as the data centre has
    /// nodes, up to three.
    /// </param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of the connections.</param>
    /// <param name="cancel">Gives up; running it again goes on.</param>
    /// <exception cref="StoreUnavailableException">The cluster can't be reached, or refused; the message says
    /// why.</exception>
    /// <exception cref="StoreMismatchException">The schema is newer than this program.</exception>
    public static async Task<MigrationReport> MigrateAsync(
        CassandraSessionStoreOptions options,
        Replication? replication,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancel
    )
    {
        options.Validate();
        try
        {
            await using var cluster = await CqlCluster.ConnectAsync(
                options.Cluster with
                {
                    Keyspace = null,
                },
                time,
                logger,
                cancel
            );
            replication ??= Replication.Of(
                cluster.DataCentre,
                Math.Min(3, await ClusterSettings.CountNodesAsync(cluster, cancel))
            );
            return await MigrateAsync(cluster, options.Keyspace, replication, time, cancel);
        }
        catch (CqlException e)
        {
            throw new StoreUnavailableException(
                $"Cassandra ({string.Join(", ", options.Cluster.ContactPoints)}): {e.Message}",
                e
            );
        }
    }

    private static async Task<MigrationReport> MigrateAsync(
        CqlCluster cluster,
        string keyspace,
        Replication replication,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        var from = await SchemaVerifier.VersionAsync(cluster, keyspace, cancel);
        if (from < CassandraSchema.Latest)
        {
            await RunAsync($"CREATE KEYSPACE IF NOT EXISTS {keyspace} WITH replication = {replication.ToCql()}");
            await RunAsync(In(keyspace, CassandraSchema.Migrations));
        }
        for (var version = from + 1; version <= CassandraSchema.Latest; version++)
        {
            foreach (var step in CassandraSchema.Steps[version - 1])
                await TakeAsync(In(keyspace, step));
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            await RunAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"INSERT INTO {keyspace}.migration (version, applied_at) VALUES ({version}, {now})"
                )
            );
        }
        await SchemaVerifier.VerifyAsync(cluster, keyspace, cancel);
        var replicas = await ClusterSettings.ReplicasAsync(cluster, keyspace, cancel);
        return new MigrationReport(keyspace, from, CassandraSchema.Latest, replicas, cluster.DataCentre);

        // A column can't be added "if not exists" before Cassandra 5: one that is there was added by a migration that
        // did not come to its end.
        async Task TakeAsync(string step)
        {
            try
            {
                await RunAsync(step);
            }
            catch (CqlServerException e)
                when (e.Error == CqlError.Invalid
                    && step.Contains(" ADD ", StringComparison.Ordinal)
                    && e.Message.Contains("exist", StringComparison.Ordinal)
                ) { }
        }

        async Task RunAsync(string cql) => await cluster.QueryAsync(cql, cancel: cancel);
    }

    private static string In(string keyspace, string statement) =>
        statement.Replace("{0}", keyspace, StringComparison.Ordinal);
}

/// <summary>What a migration did.</summary>
/// <param name="Keyspace">Where.</param>
/// <param name="From">The schema's version before; 0: there was none.</param>
/// <param name="To">The version now.</param>
/// <param name="Replicas">Replicas of the keyspace in the data centre.</param>
/// <param name="DataCentre">The data centre.</param>
public sealed record MigrationReport(string Keyspace, int From, int To, int Replicas, string DataCentre);
