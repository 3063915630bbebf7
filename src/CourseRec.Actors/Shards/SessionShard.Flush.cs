using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Shards;

/// <summary>
/// Storing runs beside folding: what changed is captured between two batches and written in one flush; one flush is
/// under way at a time, so the checkpoint is a contiguous watermark.
/// </summary>
internal sealed partial class SessionShard
{
    private const int AppendedAtOnce = 1000;
    private static readonly TimeSpan SayMisroutedEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);
    private List<SessionCell> _unstored = [];
    private Checkpoint? _checkpoint;
    private Task _flush = Task.CompletedTask;
    private long _flushedAt;
    private long _saidMisroutedAt;
    private int _unstoredRecords;
    private long _stored;

    private async Task FlushIfDueAsync()
    {
        if (_unstoredRecords >= _services.Options.MaxUnstoredRecords)
            await _flush;
        if (!_flush.IsCompleted)
            return;
        await _flush;
        var isFull = _unstoredRecords >= _services.Options.MaxUnstoredRecords / 2;
        if (isFull || _services.Time.GetElapsedTime(_flushedAt) >= _services.Options.FlushInterval)
            StartFlush();
    }

    private async Task FlushEverythingAsync()
    {
        await _flush;
        StartFlush();
        await _flush;
    }

    private void StartFlush()
    {
        _flushedAt = _services.Time.GetTimestamp();
        var isAhead = _read > (_checkpoint?.Version ?? LogVersion.None);
        var hasCheckpoint = _checkpoint?.Version.Generation == _generation;
        var isChanged = isAhead || _unstored.Count > 0 || (hasCheckpoint && _parkings.Count > 0);
        if (!isChanged)
            return;
        if (isAhead)
            _checkpoint = new Checkpoint(_read, _reader.LastEventId, _readAcceptedAt);
        var cells = _unstored;
        _unstored = [];
        _unstoredRecords = 0;
        var flush = new PartitionFlush(_partition, _checkpoint!, _counters.TakeChange(), cells.ConvertAll(Capture))
        {
            Parkings = TakeParkings(),
        };
        NewRecord[] forwards = [.. _reader.ToForward];
        DeadLetter[] dead = [.. _reader.Dead];
        _reader.ToForward.Clear();
        _reader.Dead.Clear();
        SayMisrouted();
        _flush = Task.Run(() => FlushAsync(flush, cells, forwards, dead));
    }

    private void SayMisrouted()
    {
        var isDue = _saidMisroutedAt == 0 || _services.Time.GetElapsedTime(_saidMisroutedAt) >= SayMisroutedEvery;
        if (_reader.Misrouted.Count == 0 || !isDue)
            return;
        _saidMisroutedAt = _services.Time.GetTimestamp();
        var sources = string.Join(", ", _reader.Misrouted.Select(source => $"{source.Value} of {source.Key}"));
        ActorsLog.Misrouted(_services.Logger, _partition, sources);
        _reader.Misrouted.Clear();
    }

    private SessionWrite Capture(SessionCell cell)
    {
        Unpack(cell);
        var changes = cell.Changes!;
        cell.Changes = null;
        cell.IsStoring = true;
        var isOnlyErased = _session.Applied == 0 && changes.Erasure is not null;
        return new SessionWrite(
            cell.User,
            cell.Version,
            isOnlyErased ? ReadOnlyMemory<byte>.Empty : _codec.Encode(cell.User, _session),
            changes.Interactions,
            changes.Erasure
        );
    }

    /// <summary>
    /// Every effect first, the checkpoint last: forwards and dead letters, then counters, sessions, parkings and
    /// checkpoint.
    /// </summary>
    private async Task FlushAsync(
        PartitionFlush flush,
        List<SessionCell> cells,
        NewRecord[] forwards,
        DeadLetter[] dead
    )
    {
        var started = _services.Time.GetTimestamp();
        foreach (var part in forwards.Chunk(AppendedAtOnce))
            await RetryStoreAsync(token => Done(_services.Log.AppendAsync(part, token)), _abandoned.Token);
        foreach (var part in dead.Chunk(AppendedAtOnce))
            await RetryStoreAsync(token => Done(_services.Log.AppendDeadLettersAsync(part, token)), _abandoned.Token);
        await RetryStoreAsync(token => Done(_services.Store.FlushAsync(flush, token)), _abandoned.Token);
        foreach (var cell in cells)
            cell.IsStoring = false;
        var next = flush.Checkpoint.Version.Offset + 1;
        Volatile.Write(ref _stored, next);
        ActorsMetrics.Flushed(flush, forwards.Length, dead.Length, _services.Time.GetElapsedTime(started));
        await RetryStoreAsync(token => Done(_services.Log.CommitAsync(_partition, next, token)), _abandoned.Token);
    }

    private static async ValueTask<bool> Done(ValueTask operation)
    {
        await operation;
        return true;
    }

    /// <summary>
    /// Tries until it works: while the store (or the log) is away the partition waits, and nothing is lost.
    /// </summary>
    private async Task<T> RetryStoreAsync<T>(Func<CancellationToken, ValueTask<T>> operation, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var result = await operation(cancel);
                if (attempt > 1)
                    ActorsLog.StoreBack(_services.Logger, _partition, attempt);
                _waitsFor = null;
                return result;
            }
            catch (Exception e) when (e is StoreUnavailableException or LogUnavailableException or LogBusyException)
            {
                if (attempt == 1)
                    ActorsLog.StoreAway(_services.Logger, _partition, e.Message);
                _waitsFor = e.Message;
                await Task.Delay(RetryDelay, _services.Time, cancel);
            }
        }
    }
}
