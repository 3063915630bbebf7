using System.Buffers;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Models.Catalogue;

namespace CourseRec.Actors.Sessions;

/// <summary>
/// Folds the log again, from its beginning, and compares the outcome with what is stored. No node may be running on
/// the same data; records after a session's stored version are left out.
/// </summary>
public sealed class SessionVerifier(IInteractionLog log, ISessionStore store, FoldRules rules, CourseIndex courses)
{
    private readonly SessionCodec _codec = new(rules, courses);
    private readonly UserSession _session = new(rules);
    private readonly ArrayBufferWriter<byte> _packing = new(1024);

    /// <summary>Verifies one user, or everybody.</summary>
    /// <param name="user">The user; null for everybody.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <exception cref="StoreMismatchException">The store was made from another log.</exception>
    public async Task<VerifyReport> VerifyAsync(string? user, CancellationToken cancel)
    {
        var manifest =
            await store.ReadManifestAsync(cancel)
            ?? new StoreManifest(1, log.Identity, rules.ToJson(), SessionFormats.Newest);
        if (manifest.Log != log.Identity)
            throw new StoreMismatchException(
                $"The session store was made from log {manifest.Log.Id}, this is log {log.Identity.Id}: put the "
                    + "right log back to verify."
            );
        var report = new VerifyReport();
        for (var partition = 0; partition < log.Identity.Partitions; partition++)
        {
            if (user is null || Partitioner.PartitionOf(user, log.Identity.Partitions) == partition)
                await VerifyPartitionAsync(partition, manifest.Generation, user, report, cancel);
        }
        return report;
    }

    private async Task VerifyPartitionAsync(
        int partition,
        int generation,
        string? user,
        VerifyReport report,
        CancellationToken cancel
    )
    {
        var stored = await LoadAsync(partition, user, cancel);
        var parked = await LoadParkedAsync(partition, user, report, cancel);
        var checkpoint = (await store.LoadPartitionAsync(partition, cancel)).Checkpoint?.Version ?? LogVersion.None;
        var first = (await log.RangeAsync(partition, cancel)).First;
        var gaps = new PutAsideRecords();
        var folded = await FoldAsync();
        if (gaps.Any)
            folded = await FoldAsync();
        var isWhole = first == 0 && generation == 1;
        foreach (var cell in folded.All)
        {
            if ((user is null || cell.User == user) && !parked.Contains(cell.User))
                Compare(cell, stored.GetValueOrDefault(cell.User), isWhole, report);
            stored.Remove(cell.User);
        }
        foreach (var orphan in stored.Values.Where(orphan => !parked.Contains(orphan.User)))
            report.Add(orphan.User, isWhole ? "is stored, but the log has nothing of it" : null, isVerifiable: isWhole);

        async Task<ResidentSessions> FoldAsync()
        {
            var sessions = new ResidentSessions();
            var reader = new RecordReader(partition, log.Identity, generation, courses, sessions);
            await foreach (var batch in log.ReadAsync(partition, first, cancel))
                Fold(batch.Span, reader, user, stored, checkpoint, gaps);
            return sessions;
        }
    }

    /// <summary>Whoever is parked is no difference: the log goes on, and the session does not.</summary>
    private async Task<HashSet<string>> LoadParkedAsync(
        int partition,
        string? user,
        VerifyReport report,
        CancellationToken cancel
    )
    {
        var parked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var parking in await store.ListParkedAsync(cancel))
        {
            var isHere = Partitioner.PartitionOf(parking.User, log.Identity.Partitions) == partition;
            if (isHere && (user is null || parking.User == user) && parked.Add(parking.User))
                report.AddParked();
        }
        return parked;
    }

    private async Task<Dictionary<string, StoredSession>> LoadAsync(
        int partition,
        string? user,
        CancellationToken cancel
    )
    {
        var stored = new Dictionary<string, StoredSession>(StringComparer.Ordinal);
        if (user is not null)
        {
            var found = await store.LoadSessionsAsync([user], cancel);
            if (found[0] is { Blob.IsEmpty: false } session)
                stored.Add(user, session);
            return stored;
        }
        await foreach (var session in store.ListSessionsAsync(cancel))
        {
            if (Partitioner.PartitionOf(session.User, log.Identity.Partitions) == partition)
                stored.Add(session.User, session);
        }
        return stored;
    }

    private void Fold(
        ReadOnlySpan<LogRecord> records,
        RecordReader reader,
        string? user,
        Dictionary<string, StoredSession> stored,
        LogVersion checkpoint,
        PutAsideRecords gaps
    )
    {
        foreach (var part in reader.Read(records).Users)
        {
            var name = part.Cell.User;
            var until = stored.GetValueOrDefault(name)?.Version ?? checkpoint;
            for (var i = 0; i < part.Count; i++)
            {
                var record = part[i];
                if (record.Version > until || (user is not null && name != user) || gaps.Contains(name, record))
                    continue;
                gaps.Note(name, record);
                Fold(part.Cell, record);
            }
        }
    }

    private void Fold(SessionCell cell, in UserRecord record)
    {
        if (cell.Packed is null)
            _session.Clear();
        else
            cell.Unpack(rules, _session);
        _ = record.Kind switch
        {
            RecordKind.Erasure => _session.Erase(record.Version, record.Event.Time),
            RecordKind.Unparking => _session.Unpark(record.Version),
            _ => _session.Fold(record.Version, record.Event),
        };
        cell.Pack(_session, _packing);
    }

    private void Compare(SessionCell folded, StoredSession? stored, bool isWhole, VerifyReport report)
    {
        if (folded.Packed is null)
            return;
        folded.Unpack(rules, _session);
        var applied = _session.Applied;
        if (stored is null)
        {
            report.Add(folded.User, applied == 0 ? null : $"is not stored, the log has {applied} events of it");
            return;
        }
        try
        {
            if (stored.Damage is { } damage)
                throw new InvalidDataException(damage);
            _codec.Decode(stored.User, stored.Blob.Span, stored.Version, _session);
        }
        catch (Exception e) when (e is InvalidDataException or StoreMismatchException)
        {
            report.Add(folded.User, $"is stored unreadably: {e.Message}");
            return;
        }
        var isVerifiable = isWhole || applied >= _session.Applied;
        var expected = folded.Packed;
        var (version, storedApplied) = (folded.Version, _session.Applied);
        folded.Pack(_session, _packing);
        var isEqual = version == stored.Version && folded.Packed.AsSpan().SequenceEqual(expected);
        report.Add(
            folded.User,
            isEqual
                ? null
                : $"differs: the log folds to {applied} events at {version}, stored are {storedApplied} at "
                    + $"{stored.Version}",
            isVerifiable
        );
    }
}
