namespace CourseRec.Persistence.Tests.Cassandra;

/// <summary>The shared server, and on it one store for the tests that need no tables of their own.</summary>
public sealed class CassandraWithStore : SharedCassandra
{
    private TestStore? _store;

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
public sealed class CassandraCollection : ICollectionFixture<CassandraWithStore>
{
    public const string Name = "Cassandra";
}
