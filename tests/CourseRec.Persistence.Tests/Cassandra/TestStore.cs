using CourseRec.Cql;
using CourseRec.Persistence.Cassandra;
using CourseRec.Persistence.Cassandra.Schema;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Persistence.Tests.Cassandra;

/// <summary>A store in a keyspace of its own, on a server.</summary>
internal sealed record TestStore(CassandraSessionStoreOptions Options)
{
    /// <summary>Makes one in a keyspace.</summary>
    public static async Task<TestStore> MakeAsync(CassandraServer server, string keyspace)
    {
        var store = new TestStore(
            new CassandraSessionStoreOptions
            {
                Cluster = new CqlOptions { ContactPoints = [server.Address] },
                Keyspace = keyspace,
            }
        );
        await CassandraMigrator.MigrateAsync(store.Options, null, TimeProvider.System, NullLogger.Instance, default);
        return store;
    }

    /// <summary>Empties every table but the schema's own.</summary>
    public async Task ClearAsync()
    {
        await using var cluster = await ConnectAsync();
        string[] tables =
        [
            "manifest",
            "session",
            "interaction",
            "erasure",
            "checkpoint",
            "counters_base",
            "counters",
            "parked",
            "recommendation",
            "claim",
            "lease",
        ];
        await Task.WhenAll(tables.Select(table => cluster.QueryAsync($"TRUNCATE {table}").AsTask()));
    }

    /// <summary>Opens it; any number of times.</summary>
    public CassandraSessionStore Open() =>
        CassandraSessionStore.Open(Options, TimeProvider.System, NullLogger.Instance);

    /// <summary>A connection beside it, into its keyspace.</summary>
    public Task<CqlCluster> ConnectAsync() =>
        CqlCluster.ConnectAsync(
            Options.Cluster with
            {
                Keyspace = Options.Keyspace,
            },
            TimeProvider.System,
            NullLogger.Instance
        );
}
