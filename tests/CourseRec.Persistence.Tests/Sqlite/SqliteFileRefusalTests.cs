using CourseRec.Persistence.Sqlite;
using CourseRec.Sqlite;
using Microsoft.Data.Sqlite;
using static CourseRec.Persistence.Tests.Contract.Make;

namespace CourseRec.Persistence.Tests.Sqlite;

public sealed class SqliteFileRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("sessions.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_garbage_file_is_refused_and_not_changed()
    {
        File.WriteAllBytes(Path, [.. Enumerable.Range(0, 9_000).Select(i => (byte)i)]);
        AssertRefused("is not a SQLite database");
    }

    [Fact]
    public void A_short_garbage_file_is_refused_and_not_changed()
    {
        File.WriteAllText(Path, "hello");
        AssertRefused("is not a SQLite database");
    }

    [Fact]
    public void Another_programs_database_is_refused_and_not_changed()
    {
        SqliteFile.Open(Path, new SqliteFormat("another file", 99, 1, "CREATE TABLE t (x)"));
        AssertRefused("is not a CourseRec session store");
    }

    [Fact]
    public void Another_programs_database_that_crashed_is_refused_with_its_write_ahead_log()
    {
        var original = _folder.File("other.db");
        var other = SqliteFile.Open(original, new SqliteFormat("another file", 99, 1, "CREATE TABLE t (x)"));
        using (var connection = other.Connect(SqliteDurability.Full))
        {
            connection.Run("INSERT INTO t VALUES (1)");
            File.Copy(original, Path);
            File.Copy(original + "-wal", Path + "-wal");
        }
        var log = File.ReadAllBytes(Path + "-wal");
        AssertRefused("is not a CourseRec session store");
        Assert.Equal(log, File.ReadAllBytes(Path + "-wal"));
    }

    [Fact]
    public async Task A_newer_format_is_refused_and_not_changed()
    {
        await MakeStoreAsync();
        Execute("PRAGMA user_version = 4");
        AssertRefused("has format 4, this program reads format 3");
    }

    // As a program made it that knew one format of sessions only, and no parked users.
    [Fact]
    public async Task A_file_of_the_first_format_is_brought_up_and_keeps_what_it_holds()
    {
        await MakeStoreAsync();
        Execute("DROP TABLE claim");
        Execute("DROP TABLE parked");
        Execute("ALTER TABLE manifest DROP COLUMN session_format");
        Execute("INSERT INTO manifest (id, generation, log, partitions, rules) VALUES (1, 1, 'log-a', 16, '{}')");
        Execute("PRAGMA user_version = 1");
        for (var life = 0; life < 2; life++)
        {
            await using var store = SqliteSessionStore.Open(new() { Path = Path });
            Assert.Equal(Manifest(format: 1), await store.ReadManifestAsync(default));
            Assert.Empty(await store.ListParkedAsync(default));
            Assert.NotEmpty(await store.ListSessionsAsync(default).ToListAsync());
        }
    }

    // As a program made it whose partitions were claimed nowhere.
    [Fact]
    public async Task A_file_of_the_format_before_is_brought_up_and_its_partitions_are_claimed_by_nobody()
    {
        await MakeStoreAsync();
        Execute("DROP TABLE claim");
        Execute("PRAGMA user_version = 2");
        await using var store = Open();
        Assert.Null(await store.ReadClaimAsync(0, default));
        Assert.Equal(1, (await store.ClaimAsync(0, "node-a", default)).Epoch);
        Assert.NotEmpty(await store.ListSessionsAsync(default).ToListAsync());
    }

    [Fact]
    public async Task A_truncated_file_is_refused_and_not_changed()
    {
        await MakeStoreAsync();
        using (var stream = new FileStream(Path, FileMode.Open))
            stream.SetLength(stream.Length / 2);
        AssertRefused("is damaged");
    }

    [Fact]
    public async Task A_file_with_overwritten_pages_is_refused_and_not_changed()
    {
        await MakeStoreAsync();
        using (var stream = new FileStream(Path, FileMode.Open))
        {
            stream.Position = 20 * SessionSchema.PageBytes;
            stream.Write(Enumerable.Repeat((byte)0xA5, 4 * SessionSchema.PageBytes).ToArray());
        }
        AssertRefused("is damaged");
    }

    [Fact]
    public void A_folder_in_the_files_place_is_refused()
    {
        Directory.CreateDirectory(Path);
        Assert.Contains(Path, Assert.Throws<SqliteFileException>(Open).Message);
    }

    [Fact]
    public async Task An_empty_file_becomes_a_store()
    {
        File.WriteAllBytes(Path, []);
        await using var store = Open();
        Assert.Null(await store.ReadManifestAsync(default));
    }

    [Theory]
    [InlineData("", 1 << 20, 1 << 20, "Path is empty")]
    [InlineData("x", 5, 1 << 20, "CacheBytes is 5; at least 1048576")]
    [InlineData("x", 1 << 20, 6, "WalBytes is 6; at least 1048576")]
    public void A_setting_that_cannot_work_is_named(string path, long cache, long wal, string message)
    {
        var options = new SqliteSessionStoreOptions
        {
            Path = path,
            CacheBytes = cache,
            WalBytes = wal,
        };
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => SqliteSessionStore.Open(options)).Message);
    }

    private SqliteSessionStore Open() => SqliteSessionStore.Open(new SqliteSessionStoreOptions { Path = Path });

    private async Task MakeStoreAsync()
    {
        await using var store = Open();
        await store.FlushAsync(
            Flush(1, [.. Enumerable.Range(0, 100).Select(i => Session($"u{i}", 1, new string('s', 700), 1))]),
            default
        );
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        connection.Run(sql);
    }

    private void AssertRefused(string why)
    {
        var before = File.ReadAllBytes(Path);
        var refusal = Assert.Throws<SqliteFileException>(Open);
        Assert.StartsWith(Path, refusal.Message);
        Assert.Contains(why, refusal.Message);
        Assert.Equal(before, File.ReadAllBytes(Path));
    }
}
