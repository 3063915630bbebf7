using CourseRec.Actors.Ports;
using CourseRec.Persistence.Sqlite;
using CourseRec.Persistence.Tests.Contract;

namespace CourseRec.Persistence.Tests.Sqlite;

public sealed class SqliteSessionStoreTests : SessionStoreContract
{
    private readonly TemporaryFolder _folder = new();

    protected override ValueTask<ISessionStore> OpenAsync() =>
        ValueTask.FromResult<ISessionStore>(
            SqliteSessionStore.Open(new SqliteSessionStoreOptions { Path = _folder.File("sessions.db") })
        );

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
