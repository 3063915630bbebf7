using CourseRec.Actors.Ports;
using CourseRec.Persistence.Sqlite;

namespace CourseRec.Persistence.Tests.Sqlite;

/// <summary>Kills a process that is flushing (<see cref="FlushingProcess"/>) and looks at what it left.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("sessions.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_killed_process_leaves_whole_flushes_only_and_every_acknowledged_one()
    {
        for (var round = 0; round < 3; round++)
        {
            var acknowledged = await FlushUntilKilledAsync(flushes: 25 + (7 * round));
            await using var store = SqliteSessionStore.Open(new SqliteSessionStoreOptions { Path = Path });
            for (var partition = 0; partition < FlushingProcess.Partitions; partition++)
                await AssertWholeAsync(store, partition, acknowledged[partition]);
        }
    }

    // The process names each flush when it is acknowledged; it dies while the next ones are under way.
    private async Task<long[]> FlushUntilKilledAsync(int flushes)
    {
        string[] arguments = ["exec", typeof(FlushingProcess).Assembly.Location, FlushingProcess.Verb, Path];
        var acknowledged = new long[FlushingProcess.Partitions];
        foreach (var line in await Subprocess.RunAndKillAsync(new(Environment.ProcessPath!, arguments), flushes))
            if (line.Split(' ') is [var partition, var offset, "."])
                acknowledged[int.Parse(partition)] = long.Parse(offset);
        return acknowledged;
    }

    private static async Task AssertWholeAsync(SqliteSessionStore store, int partition, long acknowledged)
    {
        var stored = await store.LoadPartitionAsync(partition, default);
        var offset = stored.Checkpoint!.Version.Offset;
        Assert.InRange(offset, acknowledged, long.MaxValue);
        Assert.Equal(FlushingProcess.Flush(partition, offset).Checkpoint, stored.Checkpoint);
        Assert.Equal(offset, stored.Counters.Count);
        var sessions = await store
            .ListSessionsAsync(default)
            .Where(s => s.User.StartsWith(FlushingProcess.UserPrefix(partition), StringComparison.Ordinal))
            .ToListAsync();
        Assert.Equal(FlushingProcess.Users, sessions.Count);
        Assert.All(sessions, s => Assert.Equal(offset, s.Version.Offset));
        Assert.All(sessions, s => Assert.Equal(offset, s.Blob.Span[^1] | s.Blob.Span[^2] << 8));
        foreach (var session in sessions.Where((_, i) => i % 50 == 0))
        {
            var offsets = store.ListInteractionsAsync(session.User, default).Select(i => i.Version.Offset);
            Assert.Equal(Enumerable.Range(1, (int)offset).Select(i => (long)i), await offsets.ToListAsync());
        }
    }
}
