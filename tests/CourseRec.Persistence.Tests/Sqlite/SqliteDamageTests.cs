using CourseRec.Actors.Ports;
using CourseRec.Persistence.Sqlite;
using CourseRec.Sqlite;
using Microsoft.Data.Sqlite;
using static CourseRec.Persistence.Tests.Contract.Make;

namespace CourseRec.Persistence.Tests.Sqlite;

/// <summary>Damages the file of a store that is open: its first read of a page finds the damage.</summary>
public sealed class SqliteDamageTests : IDisposable
{
    private static readonly string[] Users = [.. Enumerable.Range(0, 100).Select(i => $"u{i}")];
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("sessions.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_read_of_damaged_pages_stops_and_is_not_to_be_tried_again()
    {
        await MakeStoreAsync();
        await using var store = Open();
        Damage("session");
        await AssertDamagedAsync(() => store.LoadSessionsAsync(Users, default).AsTask());
        await AssertDamagedAsync(() => store.ListInteractionsAsync("u1", default).ToListAsync().AsTask());
        Assert.Equal(Checkpoint(1), (await store.LoadPartitionAsync(0, default)).Checkpoint);
    }

    [Fact]
    public async Task A_flush_into_damaged_pages_stops_and_stores_nothing()
    {
        await MakeStoreAsync();
        await using var store = Open();
        Damage("session");
        var flush = Flush(2, [.. Users.Select(user => Session(user, 2, "new", 2))]);
        await AssertDamagedAsync(() => store.FlushAsync(flush, default).AsTask());
        await AssertDamagedAsync(() => store.FlushAsync(flush, default).AsTask());
        Assert.Equal(Checkpoint(1), (await store.LoadPartitionAsync(0, default)).Checkpoint);
    }

    [Fact]
    public async Task A_list_that_fails_between_two_rows_fails_the_same_way_again()
    {
        await MakeStoreAsync();
        await using var store = Open();
        Damage("erasure");
        for (var i = 0; i < 2; i++)
            await AssertDamagedAsync(() => store.ListSessionsAsync(default).ToListAsync().AsTask());
    }

    private async Task MakeStoreAsync()
    {
        await using var store = Open();
        var sessions = Users.Select(user => Session(user, 1, new string('s', 700), 1));
        await store.FlushAsync(Flush(1, [.. sessions, Erased("bert", 1)]), default);
    }

    /// <summary>Overwrites a table's first page.</summary>
    private void Damage(string table)
    {
        long page;
        using (var connection = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            connection.Open();
            page = connection.Read<long>("SELECT rootpage FROM sqlite_master WHERE name = $name", ("$name", table));
        }
        using var stream = new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.Position = (page - 1) * SessionSchema.PageBytes;
        stream.Write(Enumerable.Repeat((byte)0xA5, SessionSchema.PageBytes).ToArray());
    }

    private async Task AssertDamagedAsync(Func<Task> work)
    {
        var stopped = await Assert.ThrowsAsync<PartitionStoppedException>(work);
        Assert.StartsWith($"{Path} is damaged (", stopped.Message);
        Assert.EndsWith("Restore it from a backup, or move it away to start anew.", stopped.Message);
    }

    private SqliteSessionStore Open() => SqliteSessionStore.Open(new SqliteSessionStoreOptions { Path = Path });
}
