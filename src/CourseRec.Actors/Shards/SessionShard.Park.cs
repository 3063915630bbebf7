using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;

namespace CourseRec.Actors.Shards;

/// <summary>
/// What concerns one user only parks that user: the records from there on are put aside, unchanged, and the partition
/// flows on. A record of the log ends it (<c>unpark</c>), and so does an erasure; then what was put aside can be
/// replayed.
/// </summary>
internal sealed partial class SessionShard
{
    private const int MaxParked = 1_000;
    private const int MaxReason = 500;
    private readonly Dictionary<string, Parking> _parked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Parking> _parkings = new(StringComparer.Ordinal);

    /// <summary>
    /// Not before every node of the cluster knows parked users: one that does not would fold their later records over
    /// the hole.
    /// </summary>
    private bool MayPark => _codec.Format >= SessionFormats.FirstWithParking;

    private async Task LoadParkedAsync(CancellationToken cancel)
    {
        foreach (var parking in await RetryStoreAsync(_services.Store.ListParkedAsync, cancel))
        {
            if (Partitioner.PartitionOf(parking.User, _services.Log.Identity.Partitions) == _partition)
                _parked[parking.User] = parking;
        }
    }

    private void FoldOrPark(in ShardRecord record, Recommendations.RecommenderSnapshot snapshot)
    {
        var cell = record.Cell;
        if (cell.Parking is { } parking && !Ends(record, parking))
        {
            PutAside(record, parking);
            return;
        }
        try
        {
            Fold(record, snapshot);
        }
        catch (Exception e) when (MayPark && e is not OutOfMemoryException)
        {
            Park(cell, record.Version, $"folding failed: {e.Message}");
            PutAside(record, cell.Parking!);
            return;
        }
        if (cell.Parking is not null && cell.Version >= record.Version)
            Release(cell, record);
    }

    private static bool Ends(in ShardRecord record, Parking parking) =>
        record.Kind switch
        {
            RecordKind.Erasure => record.Version >= parking.Version,
            RecordKind.Unparking => IsOf(record, parking) && !record.Cell.IsDamaged,
            _ => false,
        };

    private static bool IsOf(in ShardRecord unparking, Parking parking) =>
        unparking.Event.Origin is { } from && LogVersion.At(from.Generation, from.Offset) == parking.Version;

    private void PutAside(in ShardRecord record, Parking parking)
    {
        if (record.Kind == RecordKind.Unparking)
        {
            // A new parking: this record has ended the one that it names, for whoever folds the log again.
            if (IsOf(record, parking))
                Park(record.Cell, After(record.Version), parking.Reason!);
            return;
        }
        if (record.Version < parking.Version)
        {
            ActorsMetrics.Count(FoldOutcome.Skipped);
            return;
        }
        _reader.Bury(record, $"the user is parked from version {parking.Version} on: {parking.Reason}");
        ActorsMetrics.Count(FoldOutcome.Parked);
    }

    private void Park(SessionCell cell, LogVersion from, string reason)
    {
        if (!_parked.ContainsKey(cell.User) && _parked.Count >= MaxParked)
            throw new PartitionStoppedException(
                $"partition {_partition}: {MaxParked} users are parked, so it is no matter of users. The last one "
                    + $"is {cell.User}: {reason}"
            );
        reason = reason.Length > MaxReason ? reason[..MaxReason] : reason;
        cell.Parking = new(cell.User, from, _services.Time.GetUtcNow().ToUnixTimeMilliseconds(), reason);
        _parked[cell.User] = _parkings[cell.User] = cell.Parking;
        _changed.Remove(cell);
        ActorsLog.UserParked(_services.Logger, _partition, cell.User, from, reason);
    }

    private void Release(SessionCell cell, in ShardRecord record)
    {
        cell.Parking = null;
        cell.IsDamaged = false;
        _parked.Remove(cell.User);
        _parkings.Remove(cell.User);
        if (record.Kind == RecordKind.Unparking)
            _parkings[cell.User] = new(cell.User, record.Version, record.AcceptedAt, null);
        ActorsLog.UserReleased(_services.Logger, _partition, cell.User, record.Version);
    }

    /// <summary>
    /// The stored session can't be read. The version inside says what is in it, or else its row's, if that can be;
    /// what is up to the checkpoint is in any case.
    /// </summary>
    private void OnDamaged(SessionCell cell, StoredSession stored, Exception finding)
    {
        var version = _session.Version == LogVersion.None ? stored.Version : _session.Version;
        _session.Clear();
        if (stored.Erasure is { } erasure)
            _session.Erase(erasure.Version, erasure.Time);
        var end = Math.Max(Volatile.Read(ref _end), _read.Offset + 1);
        var isPossible =
            version.Generation > 0 && (version.Generation, version.Offset).CompareTo((_generation, end)) < 0;
        _session.Version = isPossible && version > _reader.Acknowledged ? version : _reader.Acknowledged;
        cell.IsDamaged = true;
        if (cell.Parking is null)
            Park(cell, After(_session.Version), $"the stored session can't be read: {finding.Message}");
    }

    private LogVersion After(LogVersion version) =>
        version == LogVersion.None ? LogVersion.At(_generation, 0) : new(version.Value + 1);

    /// <summary>Somebody may have mended what is stored.</summary>
    private static void LookAgain(SessionCell cell)
    {
        if (cell.IsDamaged)
            cell.Packed = null;
    }

    private IReadOnlyList<Parking> TakeParkings()
    {
        Parking[] taken = [.. _parkings.Values];
        _parkings.Clear();
        return taken;
    }

    private void ThrowIfParked(SessionCell cell)
    {
        if (cell.Parking is { } parking)
            throw new UserParkedException(
                $"User {parking.User} is parked from version {parking.Version} on: {parking.Reason}. What the user "
                    + "does is put aside, not lost. "
                    + "When the cause is mended: courserec session unpark USER, then courserec dead-letters replay."
            );
    }
}
