using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Sqlite;
using Microsoft.Data.Sqlite;

namespace CourseRec.Streams.Embedded;

/// <summary>
/// A connection that reads. Every call is short, so that the write-ahead log can be emptied. One user at a time.
/// </summary>
internal sealed class LogReader : IDisposable
{
    /// <summary>A read stops after about so many bytes.</summary>
    private const int MaxBytes = 1 << 20;

    private const string Columns = "place, count, first_at, high_at, bytes_through, crc, records";
    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _from;
    private readonly SqliteCommand _head;
    private readonly SqliteCommand _courses;
    private readonly SqliteCommand _letters;

    public LogReader(SqliteFile file)
    {
        _path = file.Path;
        _connection = file.Connect(SqliteDurability.Normal);
        _connection.Run("PRAGMA query_only = 1");
        _from = _connection.Statement(
            $"""
            SELECT {Columns} FROM batch
            WHERE place >= ifnull((SELECT max(place) FROM batch WHERE place BETWEEN $first AND $from), $from) AND place < $end
            ORDER BY place
            """,
            "$first",
            "$from",
            "$end"
        );
        _head = _connection.Statement(
            "SELECT place, count, high_at FROM batch WHERE place BETWEEN $first AND $at ORDER BY place DESC LIMIT 1",
            "$first",
            "$at"
        );
        _courses = _connection.Statement(
            "SELECT offset, course, value FROM catalogue WHERE offset >= $from ORDER BY offset LIMIT 256",
            "$from"
        );
        _letters = _connection.Statement(
            "SELECT id, partition, offset, accepted_at, reason, value FROM dead_letter WHERE id > $after ORDER BY "
                + "id LIMIT 256",
            "$after"
        );
    }

    /// <summary>
    /// Contiguous batches from the one that holds an offset on, checked; from the first one that is left where older
    /// ones were trimmed; none when there is nothing below the end.
    /// </summary>
    /// <param name="partition">The partition.</param>
    /// <param name="from">The first offset wanted.</param>
    /// <param name="end">Batches that begin here or later are left out.</param>
    /// <param name="maxRecords">No more records than this, beyond the first batch.</param>
    /// <exception cref="PartitionStoppedException">A batch is damaged or missing.</exception>
    public List<Batch> Read(int partition, long from, long end, int maxRecords)
    {
        var batches = new List<Batch>();
        var (bytes, count) = (0L, 0);
        _from.Bind(Place(partition, 0), Place(partition, from), Place(partition, end));
        using var rows = _from.ExecuteReader();
        while (bytes < MaxBytes && rows.Read())
        {
            var batch = ReadBatch(partition, rows);
            if (batches.Count > 0 && (count += batch.Count) > maxRecords)
                break;
            RequireNext(batches, batch, from);
            batches.Add(batch);
            bytes += batch.Records.Length;
        }
        return batches;
    }

    /// <summary>The first offset whose record was accepted at or after a time; null when there is none.</summary>
    public long? Find(int partition, long acceptedAt, OffsetRange range)
    {
        for (var offset = FirstBatchReaching(partition, acceptedAt, range); offset < range.End; )
        {
            var batches = Read(partition, offset, range.End, BatchBuilder.MaxRecords);
            if (batches.Count == 0)
                return null;
            foreach (var record in BatchCodec.Read(batches, offset))
            {
                if (record.AcceptedAt >= acceptedAt)
                    return record.Offset;
            }
            offset = batches[^1].End;
        }
        return null;
    }

    public List<CatalogueRecord> Courses(long from)
    {
        using var rows = _courses.Bind(from).ExecuteReader();
        var courses = new List<CatalogueRecord>();
        while (rows.Read())
            courses.Add(new(rows.GetInt64(0), rows.GetString(1), rows.GetBytes(2)));
        return courses;
    }

    public List<(long Id, DeadLetter Letter)> Letters(long after)
    {
        using var rows = _letters.Bind(after).ExecuteReader();
        var letters = new List<(long, DeadLetter)>();
        while (rows.Read())
            letters.Add((rows.GetInt64(0), ReadLetter(rows)));
        return letters;
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>The batches' high times never fall, so the first one that reaches a time is found by halving.</summary>
    private long FirstBatchReaching(int partition, long acceptedAt, OffsetRange range)
    {
        var (low, high) = (range.First, range.End);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            using var rows = _head.Bind(Place(partition, 0), Place(partition, middle)).ExecuteReader();
            if (!rows.Read())
                low = middle + 1;
            else if (rows.GetInt64(2) < acceptedAt)
                low = OffsetOf(rows.GetInt64(0)) + rows.GetInt64(1);
            else
                high = OffsetOf(rows.GetInt64(0));
        }
        return low;
    }

    private Batch ReadBatch(int partition, SqliteDataReader row)
    {
        var batch = new Batch(
            partition,
            OffsetOf(row.GetInt64(0)),
            row.GetInt32(1),
            row.GetInt64(2),
            row.GetInt64(3),
            row.GetInt64(4),
            row.GetBytes(6)
        );
        if (batch.Checksum() != row.GetInt64(5))
            throw Damaged(partition, batch.Base, batch.End, "damaged (wrong checksum)");
        return batch;
    }

    private void RequireNext(List<Batch> before, Batch batch, long from)
    {
        if (before.Count > 0 && batch.Base != before[^1].End)
            throw Damaged(batch.Partition, before[^1].End, batch.Base, "missing");
        if (batch.End <= from)
            throw Damaged(batch.Partition, batch.End, from + 1, "missing");
    }

    private PartitionStoppedException Damaged(int partition, long from, long end, string what) =>
        new(
            $"{_path}: in partition {partition}, offsets {from} to {end - 1} are {what}. "
                + "Restore the file from a backup, or move it away and open a new generation (courserec generation "
                + "open)."
        );

    private static DeadLetter ReadLetter(SqliteDataReader row) =>
        new(row.GetInt32(1), row.GetInt64(2), row.GetInt64(3), row.GetString(4), row.GetBytes(5));

    private static long Place(int partition, long offset) => EmbeddedLogSchema.PlaceOf(partition, offset);

    private static long OffsetOf(long place) => place & LogVersion.MaxOffset;
}
