namespace CourseRec.Persistence.Tests.Cassandra;

/// <summary>One server for all tests of the collection, which run one after the other.</summary>
public sealed class SharedCassandra : IAsyncLifetime
{
    private int _keyspaces;
    private TestStore? _store;

    internal CassandraServer Server { get; private set; } = null!;

    /// <summary>A name that no other test has; the keyspace is not made.</summary>
    public string NewKeyspace() => $"test_{Interlocked.Increment(ref _keyspaces)}";

    public async Task InitializeAsync() =>
        Server = await CassandraServer.StartAsync(new CassandraServerOptions { IsSchemaVolatile = true });

    public async Task DisposeAsync() => await Server.DisposeAsync();

    /// <summary>An empty store: the same tables for every test, for making them takes a second.</summary>
    internal async Task<TestStore> EmptyStoreAsync()
    {
        if (_store is null)
            _store = await TestStore.MakeAsync(Server, NewKeyspace());
        else
            await _store.ClearAsync();
        return _store;
    }
}

/// <summary>Tests against the shared server.</summary>
[CollectionDefinition(Name)]
public sealed class CassandraCollection : ICollectionFixture<SharedCassandra>
{
    public const string Name = "Cassandra";
}
