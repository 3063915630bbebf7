using CourseRec.Actors.Ports;
using CourseRec.Persistence.Tests.Contract;

namespace CourseRec.Persistence.Tests.Cassandra;

[Collection(CassandraCollection.Name)]
public sealed class CassandraSessionStoreTests(CassandraWithStore cassandra) : SessionStoreContract
{
    private TestStore _store = null!;

    public override async Task InitializeAsync()
    {
        _store = await cassandra.EmptyStoreAsync();
        await base.InitializeAsync();
    }

    protected override ValueTask<ISessionStore> OpenAsync() => ValueTask.FromResult<ISessionStore>(_store.Open());
}
