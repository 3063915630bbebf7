using CourseRec.Actors;
using CourseRec.Sqlite;

namespace CourseRec.Streams.Embedded;

internal sealed partial class LogWriter
{
    // The store's commits don't wait for its disk: a power failure takes it back by seconds, and these records bring
    // them back.
    private const long KeptBeforeCommitMilliseconds = 60_000;

    /// <summary>
    /// Deletes some of a partition's oldest stored batches, where they are too old or too many. Answers the position
    /// then; the same one when nothing was to be done.
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

    /// <summary>Saves what was committed of every partition.</summary>
    public void Save(IReadOnlyList<LogPartition> partitions)
    {
        _begin.ExecuteNonQuery();
        foreach (var partition in partitions)
            Save(partition);
        _commit.ExecuteNonQuery();
    }

    /// <summary>Deletes the dead letters that are too old and, the oldest first, those beyond a number.</summary>
    public void TrimLetters(long acceptedBefore, int maxLetters)
    {
        _begin.ExecuteNonQuery();
        _connection.Run("DELETE FROM dead_letter WHERE accepted_at < $before", ("$before", acceptedBefore));
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
        if (partition.SettledEnd <= kept.First)
            partition.SettledEnd = FindSettledEnd(partition);
        _oldest.Bind(
            EmbeddedLogSchema.PlaceOf(partition.Number, kept.First),
            EmbeddedLogSchema.PlaceOf(partition.Number, LogVersion.MaxOffset)
        );
        using var rows = _oldest.ExecuteReader();
        while (kept.BytesBefore < stop && rows.Read())
        {
            var end = (rows.GetInt64(0) & LogVersion.MaxOffset) + rows.GetInt64(1);
            var isDue = rows.GetInt64(2) < acceptedBefore || kept.Bytes > maxBytes;
            if (!isDue || end > partition.SettledEnd)
                break;
            kept = kept with { First = end, BytesBefore = rows.GetInt64(3) };
        }
        return kept;
    }

    /// <summary>
    /// The base of the last batch, at or before the committed record's, that was begun more than a minute before it.
    /// Each batch's own time is looked at, not high_at: a clock that was once ahead must not end all trimming.
    /// </summary>
    private long FindSettledEnd(LogPartition partition)
    {
        var first = EmbeddedLogSchema.PlaceOf(partition.Number, 0);
        var last = EmbeddedLogSchema.PlaceOf(partition.Number, partition.Committed) - 1;
        const string stored = "FROM batch WHERE place BETWEEN $first AND $last";
        var committedAt = _connection.Read<long>(
            $"SELECT first_at {stored} ORDER BY place DESC LIMIT 1",
            ("$first", first),
            ("$last", last)
        );
        var place = _connection.Read<long>(
            $"SELECT place {stored} AND first_at < $before ORDER BY place DESC LIMIT 1",
            ("$first", first),
            ("$last", last),
            ("$before", committedAt - KeptBeforeCommitMilliseconds)
        );
        return place & LogVersion.MaxOffset;
    }

    private void Save(LogPartition partition)
    {
        var position = partition.Position;
        _partition
            .Bind(position.End, position.HighAt, position.BytesThrough, partition.Committed, partition.Number)
            .ExecuteNonQuery();
    }
}
