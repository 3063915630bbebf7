using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;
using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Partitions;

/// <summary>Restores a partition from the store, and checks that the store and the log agree.</summary>
internal sealed class PartitionRestorer(PartitionServices services, PartitionStore store, int partition)
{
    /// <summary>Claims the partition and restores it. The counters are filled; they are nobody else's
    /// meanwhile.</summary>
    /// <exception cref="PartitionStoppedException">Store and log do not agree, or what is stored can't be
    /// used.</exception>
    public async Task<RestoredPartition> RestoreAsync(PartitionCounters counters, CancellationToken cancel)
    {
        var claim = services.Owner is { } owner
            ? await store.RetryAsync(token => services.Store.ClaimAsync(partition, owner, token), cancel)
            : null;
        var manifest = await LoadManifestAsync(cancel);
        var parked = await store.RetryAsync(services.Store.ListParkedAsync, cancel);
        var stored = await LoadAsync(counters, cancel);
        var range = await store.RetryAsync(token => services.Log.RangeAsync(partition, token), cancel);
        var from = await store.RetryAsync(
            token => StartOffsetAsync(stored.Checkpoint, manifest.Generation, range, token),
            cancel
        );
        return new(from, range, manifest.Generation, manifest.SessionFormat, stored.Checkpoint, claim)
        {
            Parked = [.. parked.Where(IsHere)],
        };
    }

    private bool IsHere(Parking parking) =>
        Partitioner.PartitionOf(parking.User, services.Log.Identity.Partitions) == partition;

    /// <summary>Read at every start, so that a format that was raised is written from the next one on.</summary>
    private async Task<StoreManifest> LoadManifestAsync(CancellationToken cancel)
    {
        var manifest =
            await store.RetryAsync(services.Store.ReadManifestAsync, cancel)
            ?? throw new PartitionStoppedException(
                $"partition {partition}: the session store has become an empty one. Put the right one back, and "
                    + "start the node again."
            );
        try
        {
            SessionFormats.Check(manifest);
        }
        catch (StoreMismatchException e)
        {
            throw new PartitionStoppedException($"partition {partition}: {e.Message}", e);
        }
        return manifest;
    }

    private async Task<StoredPartition> LoadAsync(PartitionCounters counters, CancellationToken cancel)
    {
        var stored = await store.RetryAsync(token => services.Store.LoadPartitionAsync(partition, token), cancel);
        try
        {
            counters.Restore(stored);
        }
        catch (InvalidDataException e)
        {
            throw new PartitionStoppedException(
                $"partition {partition}: {e.Message}. Restore the session store from a backup, or use the program "
                    + "that wrote it.",
                e
            );
        }
        return stored;
    }

    private async ValueTask<long> StartOffsetAsync(
        Checkpoint? checkpoint,
        int generation,
        OffsetRange range,
        CancellationToken cancel
    )
    {
        if (checkpoint is null || checkpoint.Version.Generation < generation)
            return range.First;
        var next = checkpoint.Version.Offset + 1;
        if (checkpoint.Version.Generation > generation)
            throw Disagree($"the store is of generation {checkpoint.Version.Generation}, the log of {generation}");
        if (next < range.First)
            throw Disagree(
                $"the store has folded offset {checkpoint.Version.Offset}, the log begins at offset {range.First}: "
                    + "records between are gone"
            );
        if (next == range.First)
            return next;
        await CompareEventAsync(checkpoint, range, cancel);
        var rewound = checkpoint.AcceptedAt - (long)services.Options.Rewind.TotalMilliseconds;
        var from = await services.Log.FindOffsetAsync(partition, rewound, cancel);
        return Math.Clamp(from, range.First, next);
    }

    /// <summary>
    /// A log that was cut and grew again has other records at the same offsets: the checkpoint's event tells. It may
    /// lie beyond the range's end, where another host serves the partition, and this one only listens.
    /// </summary>
    private async Task CompareEventAsync(Checkpoint checkpoint, OffsetRange range, CancellationToken cancel)
    {
        var offset = checkpoint.Version.Offset;
        await foreach (var batch in services.Log.ReadAsync(partition, offset, cancel))
        {
            var first = batch.Span[0];
            var found = first.Offset == offset ? RecordReader.EventIdOf(new InteractionParser(), first) : "nothing";
            if (found == checkpoint.EventId)
                return;
            throw Disagree(
                $"at offset {offset} the log holds event {found}, the store has folded {checkpoint.EventId}"
            );
        }
        throw Disagree(
            offset < range.End
                ? $"the log holds nothing at offset {offset}, the store has folded {checkpoint.EventId}"
                : $"the store has folded offset {offset}, the log ends at offset {range.End - 1}"
        );
    }

    private PartitionStoppedException Disagree(string finding) =>
        new(
            $"partition {partition}: the log is not the one that the session store was made from: {finding}. "
                + "Put the right log back, or open a new generation (courserec generation open)."
        );
}

/// <summary>A partition as it was restored.</summary>
/// <param name="From">The offset to read from.</param>
/// <param name="Range">The offsets that the log holds.</param>
/// <param name="Generation">The log's generation.</param>
/// <param name="Format">The format that sessions are stored in.</param>
/// <param name="Checkpoint">Null when nothing was stored yet.</param>
/// <param name="Claim">The claim on it; null when nothing is written.</param>
internal sealed record RestoredPartition(
    long From,
    OffsetRange Range,
    int Generation,
    int Format,
    Checkpoint? Checkpoint,
    PartitionClaim? Claim
)
{
    /// <summary>Its users who are parked.</summary>
    public IReadOnlyList<Parking> Parked { get; init; } = [];
}
