using CourseRec.Actors;
using CourseRec.Sqlite;

namespace CourseRec.Streams.Embedded;

internal sealed partial class LogWriter
{
    /// <summary>
    /// Deletes some of a partition's oldest stored batches, where they are too old or too many. Answers the position then;
    /// the same one when nothing was to be done.
    /// </summary>
    public PartitionPosition Trim(LogPartition partition, long acceptedBefore, long maxBytes)
    {
        var position = partition.Position;
        var kept = Keep(partition, acceptedBefore, maxBytes);
        if (kept == position)
            return position;
        var (from, end) = (
            EmbeddedLogSchema.PlaceOf(partition.Number, position.First),
            EmbeddedLogSchema.PlaceOf(partition.Number, kept.First)
        );
        _begin.ExecuteNonQuery();
        _trim.Bind(from, end).ExecuteNonQuery();
        Save(partition);
        _commit.ExecuteNonQuery();
        return kept;
    }

    /// <summary>Saves what was committed of every partition, and drops the oldest dead letters beyond a number.</summary>
    public void Tidy(IReadOnlyList<LogPartition> partitions, int maxLetters)
    {
        _begin.ExecuteNonQuery();
        foreach (var partition in partitions)
            Save(partition);
        _connection.Run(
            "DELETE FROM dead_letter WHERE id <= (SELECT id FROM dead_letter ORDER BY id DESC LIMIT 1 OFFSET $kept)",
            ("$kept", maxLetters)
        );
        _commit.ExecuteNonQuery();
    }

    private PartitionPosition Keep(LogPartition partition, long acceptedBefore, long maxBytes)
    {
        const long maxStep = 4 << 20; // Bytes a transaction, so that appends never wait long.
        var kept = partition.Position;
        var stop = kept.BytesBefore + maxStep;
        _oldest.Bind(
            EmbeddedLogSchema.PlaceOf(partition.Number, kept.First),
            EmbeddedLogSchema.PlaceOf(partition.Number, LogVersion.MaxOffset)
        );
        using var rows = _oldest.ExecuteReader();
        while (kept.BytesBefore < stop && rows.Read())
        {
            var end = (rows.GetInt64(0) & LogVersion.MaxOffset) + rows.GetInt64(1);
            var isDue = rows.GetInt64(2) < acceptedBefore || kept.Bytes > maxBytes;
            if (!isDue || end > partition.Committed)
                break;
            kept = kept with { First = end, BytesBefore = rows.GetInt64(3) };
        }
        return kept;
    }

    private void Save(LogPartition partition)
    {
        var position = partition.Position;
        _partition
            .Bind(position.End, position.HighAt, position.BytesThrough, partition.Committed, partition.Number)
            .ExecuteNonQuery();
    }
}
