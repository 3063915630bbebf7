using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;

namespace CourseRec.Actors.Shards;

internal sealed partial class SessionShard
{
    private long _caughtUpAt;

    /// <summary>Restores the partition from the store, checks that the store and the log agree, and starts.</summary>
    /// <returns>The offset to read from.</returns>
    /// <exception cref="PartitionStoppedException">They do not agree.</exception>
    public async Task<long> AssignAsync(OffsetRange range, CancellationToken cancel)
    {
        try
        {
            await LoadFormatAsync(cancel);
            await LoadParkedAsync(cancel);
            var stored = await LoadPartitionAsync(cancel);
            var from = await RetryStoreAsync(token => StartOffsetAsync(stored.Checkpoint, range, token), cancel);
            _checkpoint = stored.Checkpoint;
            _reader.Acknowledged = stored.Checkpoint?.Version ?? LogVersion.None;
            _end = range.End;
            _caughtUpAt = range.End;
            _applied = from;
            _stored =
                _checkpoint is { } checkpoint && checkpoint.Version.Generation == _generation
                    ? checkpoint.Version.Offset + 1
                    : range.First;
            Start();
            ActorsLog.PartitionAssigned(_services.Logger, _partition, from, range.First, range.End);
            return from;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Stop(e);
            throw;
        }
    }

    /// <summary>Read at every assignment, so that a format that was raised is written from the next one on.</summary>
    private async Task LoadFormatAsync(CancellationToken cancel)
    {
        var manifest =
            await RetryStoreAsync(_services.Store.ReadManifestAsync, cancel)
            ?? throw new PartitionStoppedException(
                $"partition {_partition}: the session store has become an empty one. Put the right one back, and "
                    + "start the node again."
            );
        try
        {
            SessionFormats.Check(manifest);
        }
        catch (StoreMismatchException e)
        {
            throw new PartitionStoppedException($"partition {_partition}: {e.Message}", e);
        }
        _codec.Format = manifest.SessionFormat;
    }

    private async Task<StoredPartition> LoadPartitionAsync(CancellationToken cancel)
    {
        var stored = await RetryStoreAsync(token => _services.Store.LoadPartitionAsync(_partition, token), cancel);
        try
        {
            _counters.Restore(stored);
        }
        catch (InvalidDataException e)
        {
            throw new PartitionStoppedException(
                $"partition {_partition}: {e.Message}. Restore the session store from a backup, or use the program "
                    + "that wrote it.",
                e
            );
        }
        return stored;
    }

    private async ValueTask<long> StartOffsetAsync(Checkpoint? checkpoint, OffsetRange range, CancellationToken cancel)
    {
        if (checkpoint is null || checkpoint.Version.Generation < _generation)
            return range.First;
        var next = checkpoint.Version.Offset + 1;
        if (checkpoint.Version.Generation > _generation)
            throw Disagree($"the store is of generation {checkpoint.Version.Generation}, the log of {_generation}");
        if (next < range.First)
            throw Disagree(
                $"the store has folded offset {checkpoint.Version.Offset}, the log begins at offset {range.First}: "
                    + "records between are gone"
            );
        if (next == range.First)
            return next;
        await CompareEventAsync(checkpoint, range, cancel);
        var rewound = checkpoint.AcceptedAt - (long)_services.Options.Rewind.TotalMilliseconds;
        var from = await _services.Log.FindOffsetAsync(_partition, rewound, cancel);
        return Math.Clamp(from, range.First, next);
    }

    /// <summary>
    /// A log that was cut and grew again has other records at the same offsets: the checkpoint's event tells. It may
    /// lie beyond the range's end, where another host serves the partition, and this one only listens.
    /// </summary>
    private async Task CompareEventAsync(Checkpoint checkpoint, OffsetRange range, CancellationToken cancel)
    {
        var offset = checkpoint.Version.Offset;
        await foreach (var batch in _services.Log.ReadAsync(_partition, offset, cancel))
        {
            var found = batch.Span[0].Offset == offset ? _reader.EventIdOf(batch.Span[0]) : "nothing";
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
            $"partition {_partition}: the log is not the one that the session store was made from: {finding}. "
                + "Put the right log back, or open a new generation (courserec generation open)."
        );
}
