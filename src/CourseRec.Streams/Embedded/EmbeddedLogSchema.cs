using CourseRec.Actors.Ports;
using CourseRec.Sqlite;

namespace CourseRec.Streams.Embedded;

/// <summary>
/// The file's tables. A batch's place is partition &lt;&lt; 40 | base offset, so it needs no other index.
/// </summary>
internal static class EmbeddedLogSchema
{
    private const int OffsetBits = 40;

    public static long PlaceOf(int partition, long offset) => ((long)partition << OffsetBits) + offset;

    /// <summary>The format, with the statements that make a file with this identity.</summary>
    public static SqliteFormat Format(LogIdentity identity) =>
        new(
            "a CourseRec interaction log",
            ApplicationId: 0x43524C47,
            Version: 1,
            Tables
                + $"INSERT INTO log VALUES ('{identity.Id}', {identity.Partitions});"
                + string.Concat(
                    Enumerable
                        .Range(0, identity.Partitions)
                        .Select(p => $"INSERT INTO partition VALUES ({p}, 0, 0, 0, 0);")
                )
        );

    // high_at: the latest acceptance time in the partition up to and including the batch; it never falls, so it can be
    // searched. bytes_through: all bytes of records ever appended to the partition, up to and including the batch.
    // partition.(next, high_at, bytes): where the partition stood when it was last trimmed, for when no batch is left.
    private const string Tables = """
        CREATE TABLE log (id TEXT NOT NULL, partitions INTEGER NOT NULL);
        CREATE TABLE partition (
            partition INTEGER PRIMARY KEY, next INTEGER NOT NULL, high_at INTEGER NOT NULL, bytes INTEGER NOT NULL,
            committed INTEGER NOT NULL
        );
        CREATE TABLE batch (
            place INTEGER PRIMARY KEY, count INTEGER NOT NULL, first_at INTEGER NOT NULL, high_at INTEGER NOT NULL,
            bytes_through INTEGER NOT NULL, crc INTEGER NOT NULL, records BLOB NOT NULL
        );
        CREATE TABLE dead_letter (
            id INTEGER PRIMARY KEY, partition INTEGER NOT NULL, offset INTEGER NOT NULL, accepted_at INTEGER NOT NULL,
            reason TEXT NOT NULL, value BLOB NOT NULL, UNIQUE (partition, offset)
        );
        CREATE INDEX dead_letter_accepted ON dead_letter (accepted_at);
        CREATE TABLE catalogue (offset INTEGER PRIMARY KEY, course TEXT NOT NULL UNIQUE, value BLOB NOT NULL);
        """;
}
