using CourseRec.Actors.Ports;
using Microsoft.Data.Sqlite;

namespace CourseRec.Streams.Embedded;

public sealed partial class EmbeddedLog
{
    private readonly ITimer _trimTimer;
    private volatile bool _isTrimDue;

    /// <inheritdoc/>
    /// <remarks>
    /// Kept in memory and saved when the log is trimmed or closed: after a crash it may be up to a minute older.
    /// </remarks>
    public void Commit(int partition, long next)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(next);
        PartitionAt(partition).Commit(next);
    }

    private void RequestTrim()
    {
        _isTrimDue = true;
        _wake.Set();
    }

    /// <summary>Trims a little of every partition; the writer comes back between appends while there is more.</summary>
    private bool TrimStep()
    {
        if (!_isTrimDue)
            return false;
        var acceptedBefore = (_time.GetUtcNow() - _options.RetainFor).ToUnixTimeMilliseconds();
        try
        {
            _writer ??= OpenWriter();
            var writer = _writer;
            var trimmed = _partitions.Count(p => Trim(writer, p, acceptedBefore));
            if (trimmed == 0)
                FinishTrim(writer, acceptedBefore);
        }
        catch (SqliteException e)
        {
            _isTrimDue = false;
            CloseWriter();
            _logger.TrimFailed(Explain(e), e);
        }
        return _isTrimDue;
    }

    private bool Trim(LogWriter writer, LogPartition partition, long acceptedBefore)
    {
        var kept = writer.Trim(partition, acceptedBefore, _options.RetainBytes / _partitions.Length);
        if (kept == partition.Position)
            return false;
        partition.Position = kept;
        _logger.Trimmed(partition.Number, kept.First, kept.Bytes);
        return true;
    }

    private void FinishTrim(LogWriter writer, long acceptedBefore)
    {
        _isTrimDue = false;
        writer.TrimLetters(acceptedBefore, _options.RetainDeadLetters);
        writer.Save(_partitions);
    }

    /// <summary>
    /// Saves the commits at closing; where that fails, older ones stand, and the log keeps more than it needs.
    /// </summary>
    private void SaveCommits()
    {
        try
        {
            _writer ??= OpenWriter();
            _writer.Save(_partitions);
        }
        catch (SqliteException e)
        {
            _logger.TrimFailed(Explain(e), e);
        }
    }
}
