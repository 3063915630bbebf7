namespace CourseRec.Persistence.Tests.Cassandra;

/// <summary>One server for all tests of the collection; each takes a keyspace of its own.</summary>
public sealed class SharedCassandra : IAsyncLifetime
{
    private int _keyspaces;

    internal CassandraServer Server { get; private set; } = null!;

    /// <summary>A name that no other test has; the keyspace is not made.</summary>
    public string NewKeyspace() => $"test_{Interlocked.Increment(ref _keyspaces)}";

    public async Task InitializeAsync() =>
        Server = await CassandraServer.StartAsync(new CassandraServerOptions { IsSchemaVolatile = true });

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

/// <summary>Tests against the shared server.</summary>
[CollectionDefinition(Name)]
public sealed class CassandraCollection : ICollectionFixture<SharedCassandra>
{
    public const string Name = "Cassandra";
}
