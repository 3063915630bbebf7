using CourseRec.Actors.Ports;
using CourseRec.Persistence.Sqlite;
using static CourseRec.Persistence.Tests.Contract.Make;

namespace CourseRec.Persistence.Tests.Sqlite;

/// <summary>
/// A process that flushes all partitions side by side until it is killed, and prints “partition offset .” after each
/// flush. Every flush changes every user of its partition.
/// </summary>
internal static class FlushingProcess
{
    public const string Verb = "flush";
    public const int Partitions = 4;
    public const int Users = 300;

    // A process that nobody kills ends by itself.
    private const int MostFlushes = 1_000;

    public static PartitionFlush Flush(int partition, long offset)
    {
        var sessions = Enumerable
            .Range(0, Users)
            .Select(u => Session($"{UserPrefix(partition)}{u}", offset, "", offset) with { Blob = Blob(offset) });
        return new PartitionFlush(partition, Checkpoint(offset), Change(offset, $"{offset}"), [.. sessions]);
    }

    /// <summary>What the names of a partition's users begin with.</summary>
    public static string UserPrefix(int partition) => $"user-{partition}-";

    private static Task Main(string[] arguments)
    {
        if (arguments is not [Verb, var path])
            throw new ArgumentException($"usage: {Verb} PATH");
        // A small write-ahead log: kills also fall into its being copied into the file.
        var store = SqliteSessionStore.Open(new SqliteSessionStoreOptions { Path = path, WalBytes = 1 << 20 });
        return Task.WhenAll(Enumerable.Range(0, Partitions).Select(partition => RunAsync(store, partition)));
    }

    private static async Task RunAsync(SqliteSessionStore store, int partition)
    {
        var offset = (await store.LoadPartitionAsync(partition, default)).Checkpoint?.Version.Offset ?? 0;
        var last = offset + MostFlushes;
        while (offset++ < last)
        {
            await store.FlushAsync(Flush(partition, offset), default);
            Console.WriteLine($"{partition} {offset} .");
        }
    }

    private static byte[] Blob(long offset)
    {
        var blob = new byte[650 + (offset % 100)];
        (blob[^2], blob[^1]) = ((byte)(offset >> 8), (byte)offset);
        return blob;
    }
}
