using CourseRec.Actors.Shards;

namespace CourseRec.Actors.Sessions;

/// <summary>
/// Records that were not folded where they are in the log, because their user was parked. That is known only from the
/// record that ended it, so who folds the log again reads it once to learn of them, and once more without.
/// </summary>
internal sealed class PutAsideRecords
{
    private readonly Dictionary<string, Dictionary<LogVersion, LogVersion>> _gaps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LogVersion> _erased = new(StringComparer.Ordinal);

    public bool Any => _gaps.Count > 0;

    /// <summary>
    /// Learns from a record. Only the first one that names a parking has ended it, unless an erasure had.
    /// </summary>
    public void Note(in ShardRecord record)
    {
        if (record.Kind == RecordKind.Erasure)
            _erased[record.Cell.User] = record.Version;
        if (record.Kind != RecordKind.Unparking || record.Event.Origin is not { } from)
            return;
        var parked = LogVersion.At(from.Generation, from.Offset);
        if (parked <= _erased.GetValueOrDefault(record.Cell.User))
            return;
        if (!_gaps.TryGetValue(record.Cell.User, out var gaps))
            _gaps.Add(record.Cell.User, gaps = []);
        gaps.TryAdd(parked, record.Version);
    }

    /// <summary>Whether a record was put aside.</summary>
    public bool Contains(in ShardRecord record)
    {
        if (!_gaps.TryGetValue(record.Cell.User, out var gaps))
            return false;
        var version = record.Version;
        return gaps.Any(gap => version >= gap.Key && version < gap.Value);
    }
}
