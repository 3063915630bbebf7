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
    public void Note(string user, in UserRecord record)
    {
        if (record.Kind == RecordKind.Erasure)
            _erased[user] = record.Version;
        if (record.Kind != RecordKind.Unparking || record.Event.Origin is not { } from)
            return;
        var parked = LogVersion.At(from.Generation, from.Offset);
        if (parked <= _erased.GetValueOrDefault(user))
            return;
        if (!_gaps.TryGetValue(user, out var gaps))
            _gaps.Add(user, gaps = []);
        gaps.TryAdd(parked, record.Version);
    }

    /// <summary>Whether a record was put aside.</summary>
    public bool Contains(string user, in UserRecord record)
    {
        if (!_gaps.TryGetValue(user, out var gaps))
            return false;
        var version = record.Version;
        return gaps.Any(gap => version >= gap.Key && version < gap.Value);
    }
}
