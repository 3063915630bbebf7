using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;

namespace CourseRec.Actors;

/// <summary>
/// Opens the next generation of the log: after the log was replaced or its partition count changed. Sessions stay;
/// from then on they are continued by the new log's records.
/// </summary>
public static class GenerationOpener
{
    /// <summary>Pins the store to a new log.</summary>
    /// <param name="store">The store, not in use by any node.</param>
    /// <param name="current">The new log.</param>
    /// <param name="old">The log that the store was made from, to check that it is drained; null when it is
    /// gone.</param>
    /// <param name="abandonOld">Whether to go on though the old log is gone or has records that were never
    /// folded.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <returns>The pinned manifest.</returns>
    /// <exception cref="GenerationException">It can't be opened; the message says why and what to do.</exception>
    public static async Task<StoreManifest> OpenAsync(
        ISessionStore store,
        IInteractionLog current,
        IInteractionLog? old,
        bool abandonOld,
        CancellationToken cancel
    )
    {
        var pinned =
            await store.ReadManifestAsync(cancel)
            ?? throw new GenerationException("The session store is new: a node pins it at its first start.");
        if (pinned.Log == current.Identity)
            throw new GenerationException(
                $"The session store is pinned to this log already (generation {pinned.Generation})."
            );
        await CheckIsAnotherAsync(store, pinned, current, cancel);
        if (!abandonOld)
            await CheckDrainedAsync(store, pinned, old, cancel);
        var next = pinned with { Generation = pinned.Generation + 1, Log = current.Identity };
        if (!await store.PinAsync(pinned, next, cancel))
            throw new GenerationException("Somebody else has just pinned the session store; look at it again.");
        return next;
    }

    /// <summary>
    /// A log that holds what was folded would be folded once more: a topic that only got more partitions, or (where
    /// topics have no ids) the very same one.
    /// </summary>
    private static async Task CheckIsAnotherAsync(
        ISessionStore store,
        StoreManifest pinned,
        IInteractionLog current,
        CancellationToken cancel
    )
    {
        for (var partition = 0; partition < Math.Min(pinned.Log.Partitions, current.Identity.Partitions); partition++)
        {
            var stored = await store.LoadPartitionAsync(partition, cancel);
            if (stored.Checkpoint is not { } checkpoint || checkpoint.Version.Generation != pinned.Generation)
                continue;
            var offset = checkpoint.Version.Offset;
            if (await EventAtAsync(current, partition, offset, cancel) == checkpoint.EventId)
                throw new GenerationException(
                    $"Partition {partition} of this log holds event {checkpoint.EventId} at offset {offset}, which "
                        + $"generation {pinned.Generation} "
                        + "has folded: everything in it would be folded once more. A new generation needs a new "
                        + "log (another topic, another file)."
                );
        }
    }

    private static async Task<string?> EventAtAsync(
        IInteractionLog log,
        int partition,
        long offset,
        CancellationToken cancel
    )
    {
        var range = await log.RangeAsync(partition, cancel);
        if (offset < range.First || offset >= range.End)
            return null;
        await foreach (var batch in log.ReadAsync(partition, offset, cancel))
            return batch.Span[0].Offset == offset ? RecordReader.EventIdOf(new(), batch.Span[0]) : null;
        return null;
    }

    private static async Task CheckDrainedAsync(
        ISessionStore store,
        StoreManifest pinned,
        IInteractionLog? old,
        CancellationToken cancel
    )
    {
        if (old is null)
            throw new GenerationException(
                $"The old log ({pinned.Log.Id}) is not here, so whether it was folded to its end is unknown. Name "
                    + "its file, or abandon it."
            );
        if (old.Identity != pinned.Log)
            throw new GenerationException(
                $"The store was made from log {pinned.Log.Id}, the one named as old is {old.Identity.Id}."
            );
        for (var partition = 0; partition < pinned.Log.Partitions; partition++)
        {
            var range = await old.RangeAsync(partition, cancel);
            var stored = await store.LoadPartitionAsync(partition, cancel);
            var next =
                stored.Checkpoint is { } checkpoint && checkpoint.Version.Generation == pinned.Generation
                    ? checkpoint.Version.Offset + 1
                    : range.First;
            if (next > range.End)
                throw new GenerationException(
                    $"Partition {partition} was folded up to offset {next - 1}, the log named as old ends at "
                        + $"{range.End - 1}: it is an older copy."
                );
            if (next < range.End)
                throw new GenerationException(
                    $"Partition {partition} of the old log has {range.End - next} records that were never folded. "
                        + "Start a node on the old log until its lag is 0, or abandon them."
                );
        }
    }
}

/// <summary>A generation can't be opened; the message says why and what to do.</summary>
public sealed class GenerationException(string message) : Exception(message);
