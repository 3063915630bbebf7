using System.Text;
using CourseRec.Actors.Ports;
using CourseRec.Persistence.Sqlite;
using CourseRec.Sqlite;
using Microsoft.Data.Sqlite;
using static CourseRec.Persistence.Tests.Contract.Make;

namespace CourseRec.Persistence.Tests.Sqlite;

/// <summary>What only the SQLite store keeps.</summary>
public sealed class SqliteStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("sessions.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_write_of_an_equal_version_changes_nothing()
    {
        await using var store = Open();
        await store.FlushAsync(Flush(3, Session("anna", 3, "first", 3)), default);
        await store.FlushAsync(Flush(3, Session("anna", 3, "second", 2, 3)), default);
        Assert.Equal("first", Text((await store.LoadSessionsAsync(["anna"], default))[0]!.Blob));
        Assert.Single(await store.ListInteractionsAsync("anna", default).ToListAsync());
    }

    [Fact]
    public async Task Interactions_up_to_the_marker_are_left_out_even_when_the_caller_sends_them()
    {
        await using var store = Open();
        await store.FlushAsync(Flush(9, Erased("anna", 9)), default);
        await store.FlushAsync(Flush(11, Session("anna", 11, "after", 8, 9, 10, 11)), default);
        var stored = await store.ListInteractionsAsync("anna", default).ToListAsync();
        Assert.Equal([10L, 11L], stored.Select(i => i.Version.Offset));
    }

    [Fact]
    public async Task A_full_disk_is_reported_stores_nothing_and_the_same_flush_works_later()
    {
        await using var store = Open();
        await store.FlushAsync(Flush(1, Session("anna", 1, "before", 1)), default);
        var sessions = Enumerable.Range(0, 200).Select(i => Session($"u{i}", 2, new string('s', 900), 2));
        var flush = new PartitionFlush(0, Checkpoint(2), Change(2, "c"), [Session("anna", 2, "a", 2), .. sessions]);

        await store.LimitAsync(pages: 60);
        var full = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.FlushAsync(flush, default).AsTask());
        Assert.Contains($"{Path}: the disk is full. Free some space", full.Message);
        Assert.Equal("before", Text((await store.LoadSessionsAsync(["anna"], default))[0]!.Blob));
        Assert.Equal(Checkpoint(1), (await store.LoadPartitionAsync(0, default)).Checkpoint);

        await store.LimitAsync(pages: 1 << 30);
        await store.FlushAsync(flush, default);
        Assert.Equal(Checkpoint(2), (await store.LoadPartitionAsync(0, default)).Checkpoint);
        Assert.Equal(201, (await store.ListSessionsAsync(default).ToListAsync()).Count);
        Assert.Equal(2, (await store.ListInteractionsAsync("anna", default).ToListAsync()).Count);
    }

    [Fact]
    public async Task A_store_locked_by_another_process_is_reported()
    {
        await using var store = Open(busy: TimeSpan.FromMilliseconds(50));
        using var other = new SqliteConnection($"Data Source={Path};Pooling=False");
        other.Open();
        other.Run("BEGIN IMMEDIATE");
        var flush = Flush(1, Session("anna", 1, "a"));
        var busy = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.FlushAsync(flush, default).AsTask());
        Assert.Contains($"{Path} is in use by another process", busy.Message);
        other.Run("ROLLBACK");
        await store.FlushAsync(flush, default);
        Assert.NotNull((await store.LoadSessionsAsync(["anna"], default))[0]);
    }

    [Fact]
    public async Task An_erased_user_is_in_no_byte_of_the_closed_file()
    {
        const string User = "someone-to-be-forgotten";
        await using (var store = Open())
        {
            for (var offset = 1; offset <= 40; offset++)
                await store.FlushAsync(
                    Flush(offset, Session(User, offset, $"{User} {new string('s', offset * 50)}", offset)),
                    default
                );
            await store.FlushAsync(Flush(41, Session("bert", 41, "stays", 41)), default);
        }
        Assert.True(Contains(User));
        await using (var store = Open())
            await store.FlushAsync(Flush(42, Erased(User, 42)), default);
        Assert.False(Contains(User));
        Assert.True(Contains("bert"));
        Assert.False(File.Exists(Path + "-wal"));
    }

    [Fact]
    public async Task Two_stores_on_one_file_do_no_damage()
    {
        await using var first = Open();
        await using var second = Open();
        await Task.WhenAll(WriteAsync(first, "even", 0), WriteAsync(second, "odd", 1));
        foreach (var user in new[] { "even", "odd" })
            Assert.Equal(50, (await second.ListInteractionsAsync(user, default).ToListAsync()).Count);
        using var check = new SqliteConnection($"Data Source={Path};Pooling=False");
        check.Open();
        Assert.Equal("ok", check.Read<string>("PRAGMA integrity_check"));
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        var store = Open();
        await store.DisposeAsync();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.ReadManifestAsync(default).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.FlushAsync(Flush(1), default).AsTask());
    }

    private static async Task WriteAsync(SqliteSessionStore store, string user, int from)
    {
        for (var offset = from; offset < 100; offset += 2)
            await store.FlushAsync(
                Flush(offset, Session(user, offset, "s", offset), Session("both", offset, "s", offset)),
                default
            );
    }

    private SqliteSessionStore Open(TimeSpan? busy = null) =>
        SqliteSessionStore.Open(
            new SqliteSessionStoreOptions { Path = Path, BusyTimeout = busy ?? TimeSpan.FromSeconds(10) }
        );

    private bool Contains(string text) => File.ReadAllBytes(Path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
