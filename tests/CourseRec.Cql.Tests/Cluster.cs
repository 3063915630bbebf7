using CourseRec.Cql;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Cql.Tests;

/// <summary>Connects tests to servers.</summary>
internal static class Cluster
{
    /// <summary>Limits that a test can wait for.</summary>
    public static CqlOptions Options(string host, int port) =>
        new()
        {
            ContactPoints = [$"{host}:{port}"],
            ConnectionsPerHost = 2,
            ReconnectDelay = TimeSpan.FromMilliseconds(50),
            MaxReconnectDelay = TimeSpan.FromMilliseconds(200),
        };

    public static CqlOptions Options(CassandraServer server) => Options("127.0.0.1", server.Port);

    public static Task<CqlCluster> ConnectAsync(CqlOptions options) =>
        CqlCluster.ConnectAsync(options, TimeProvider.System, NullLogger.Instance);

    /// <summary>Connects, and makes a keyspace that no other test has.</summary>
    public static async Task<CqlCluster> ConnectAsync(
        SharedCassandra cassandra,
        Func<CqlOptions, CqlOptions>? with = null
    )
    {
        var keyspace = cassandra.NewKeyspace();
        var options = Options(cassandra.Server) with { };
        await using (var cluster = await ConnectAsync(options))
            await CreateKeyspaceAsync(cluster, keyspace);
        return await ConnectAsync((with ?? (same => same))(options with { Keyspace = keyspace }));
    }

    public static async Task CreateKeyspaceAsync(CqlCluster cluster, string keyspace) =>
        await cluster.QueryAsync(
            $"CREATE KEYSPACE {keyspace} WITH replication = {{'class': 'SimpleStrategy', 'replication_factor': 1}}"
        );
}
