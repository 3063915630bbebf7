using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Sqlite;
using Microsoft.Data.Sqlite;

namespace CourseRec.Streams.Embedded;

/// <summary>
/// The one connection that writes. After any exception it must be disposed, which rolls back, and a new one opened:
/// what is in memory is then read again from the file.
/// </summary>
internal sealed partial class LogWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _batch;
    private readonly SqliteCommand _letter;
    private readonly SqliteCommand _course;
    private readonly SqliteCommand _oldest;
    private readonly SqliteCommand _trim;
    private readonly SqliteCommand _partition;

    /// <param name="file">The log.</param>
    /// <param name="maxPages">The most pages that the file may have, when it is bounded.</param>
    public LogWriter(SqliteFile file, long? maxPages)
    {
        MaxPages = maxPages;
        _connection = file.Connect(SqliteDurability.Full);
        _connection.Run("PRAGMA wal_autocheckpoint = 4000"); // 16 MiB: fewer syncs of the file itself.
        _connection.Run($"PRAGMA journal_size_limit = {64 << 20}");
        if (maxPages is { } pages)
            _connection.Run($"PRAGMA max_page_count = {pages}");
        _begin = _connection.Statement("BEGIN IMMEDIATE");
        _commit = _connection.Statement("COMMIT");
        _batch = _connection.Statement(
            "INSERT INTO batch VALUES ($place, $count, $first_at, $high_at, $bytes_through, $crc, $records)",
            "$place",
            "$count",
            "$first_at",
            "$high_at",
            "$bytes_through",
            "$crc",
            "$records"
        );
        _letter = _connection.Statement(
            "INSERT OR IGNORE INTO dead_letter (partition, offset, accepted_at, reason, value) VALUES ($p, $o, "
                + "$at, $reason, $value)",
            "$p",
            "$o",
            "$at",
            "$reason",
            "$value"
        );
        _course = _connection.Statement(
            "INSERT OR REPLACE INTO catalogue VALUES ($offset, $course, $value)",
            "$offset",
            "$course",
            "$value"
        );
        _oldest = _connection.Statement(
            "SELECT place, count, high_at, bytes_through FROM batch WHERE place BETWEEN $first AND $last ORDER BY "
                + "place LIMIT 512",
            "$first",
            "$last"
        );
        _trim = _connection.Statement("DELETE FROM batch WHERE place >= $first AND place < $end", "$first", "$end");
        _partition = _connection.Statement(
            "UPDATE partition SET next = $next, high_at = $high, bytes = $bytes, committed = $committed WHERE "
                + "partition = $p",
            "$next",
            "$high",
            "$bytes",
            "$committed",
            "$p"
        );
    }

    /// <summary>The most pages that the file may have; null when only the disk bounds it.</summary>
    public long? MaxPages { get; }

    /// <summary>Where a partition stands.</summary>
    public PartitionPosition Load(int partition)
    {
        var trimmed = LoadTrimmed(partition);
        var (first, last) = (
            EmbeddedLogSchema.PlaceOf(partition, 0),
            EmbeddedLogSchema.PlaceOf(partition, LogVersion.MaxOffset)
        );
        const string where = "FROM batch WHERE place BETWEEN $first AND $last ORDER BY place";
        using var oldest = _connection.Statement(
            $"SELECT place, bytes_through - length(records) {where} LIMIT 1",
            "$first",
            "$last"
        );
        using var row = oldest.Bind(first, last).ExecuteReader();
        if (!row.Read())
            return trimmed;
        using var newest = _connection.Statement(
            $"SELECT place + count, high_at, bytes_through {where} DESC LIMIT 1",
            "$first",
            "$last"
        );
        using var end = newest.Bind(first, last).ExecuteReader();
        end.Read();
        return new(row.GetInt64(0) - first, end.GetInt64(0) - first, end.GetInt64(1), row.GetInt64(1), end.GetInt64(2));
    }

    /// <summary>What was stored of a partition, as last saved.</summary>
    public long LoadCommitted(int partition) =>
        _connection.Read<long>("SELECT committed FROM partition WHERE partition = $p", ("$p", partition));

    /// <summary>One past the catalogue's last offset.</summary>
    public long LoadCatalogueEnd() => _connection.Read<long>("SELECT ifnull(max(offset) + 1, 0) FROM catalogue");

    /// <summary>
    /// Writes a group in one durable transaction. Answers its batches; the caller then moves the positions.
    /// </summary>
    /// <param name="group">What to write.</param>
    /// <param name="partitions">Where the partitions stand.</param>
    /// <param name="catalogueEnd">The offset of the next course.</param>
    public List<Batch> Append(WriteGroup group, IReadOnlyList<LogPartition> partitions, long catalogueEnd)
    {
        var batches = new List<Batch>();
        foreach (var partition in partitions)
            Place(partition, group.Builders[partition.Number], batches);
        _begin.ExecuteNonQuery();
        foreach (var b in batches)
            _batch
                .Bind(b.Place, b.Count, b.FirstAt, b.HighAt, b.BytesThrough, (long)b.Checksum(), b.Records)
                .ExecuteNonQuery();
        foreach (var letter in group.Letters)
            _letter
                .Bind(letter.Partition, letter.Offset, letter.AcceptedAt, letter.Reason, letter.Value.ToArray())
                .ExecuteNonQuery();
        foreach (var course in group.Courses)
            _course.Bind(catalogueEnd++, course.Course, course.Value.ToArray()).ExecuteNonQuery();
        _commit.ExecuteNonQuery();
        return batches;
    }

    public void Dispose() => _connection.Dispose();

    private static void Place(LogPartition partition, BatchBuilder builder, List<Batch> into)
    {
        builder.Close();
        var (_, end, highAt, _, bytes) = partition.Position;
        foreach (var closed in builder.Closed)
        {
            if (end + closed.Count > LogVersion.MaxOffset + 1)
                throw new LogUnavailableException(
                    $"Partition {partition.Number} is full: it holds 2^40 records. Open a new generation (courserec "
                        + "generation open)."
                );
            highAt = Math.Max(highAt, closed.HighAt);
            bytes += closed.Records.Length;
            into.Add(new(partition.Number, end, closed.Count, closed.FirstAt, highAt, bytes, closed.Records));
            end += closed.Count;
        }
    }

    private PartitionPosition LoadTrimmed(int partition)
    {
        using var command = _connection.Statement(
            "SELECT next, high_at, bytes FROM partition WHERE partition = $p",
            "$p"
        );
        using var row = command.Bind(partition).ExecuteReader();
        if (!row.Read())
            return new(0, 0, 0, 0, 0);
        var (next, bytes) = (row.GetInt64(0), row.GetInt64(2));
        return new(next, next, row.GetInt64(1), bytes, bytes);
    }
}
