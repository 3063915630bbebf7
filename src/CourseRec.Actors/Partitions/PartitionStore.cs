using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// A partition's way to the store and the log: while either is away the partition waits, says so, and nothing is lost.
/// </summary>
internal sealed class PartitionStore(PartitionServices services, int partition, PartitionProgress progress)
{
    private const int AppendedAtOnce = 1000;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Tries until it works.</summary>
    public async Task<T> RetryAsync<T>(Func<CancellationToken, ValueTask<T>> operation, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var result = await operation(cancel);
                if (attempt > 1)
                    ActorsLog.StoreBack(services.Logger, partition, attempt);
                progress.WaitsFor = null;
                return result;
            }
            catch (Exception e) when (e is StoreUnavailableException or LogUnavailableException or LogBusyException)
            {
                if (attempt == 1)
                    ActorsLog.StoreAway(services.Logger, partition, e.Message);
                progress.WaitsFor = e.Message;
                await Task.Delay(RetryDelay, services.Time, cancel);
            }
        }
    }

    /// <summary>Looks users up.</summary>
    public Task<StoredSession?[]> LoadAsync(IReadOnlyList<string> users, CancellationToken cancel) =>
        RetryAsync(token => services.Store.LoadSessionsAsync(users, token), cancel);

    /// <summary>
    /// Every effect first, the checkpoint last: forwards and dead letters, then counters, sessions, parkings and
    /// checkpoint. That it is stored is told to the log as well.
    /// </summary>
    public async Task FlushAsync(PendingFlush flush, CancellationToken cancel)
    {
        var started = services.Time.GetTimestamp();
        foreach (var part in flush.Forwards.Chunk(AppendedAtOnce))
            await RetryAsync(token => Done(services.Log.AppendAsync(part, token)), cancel);
        foreach (var part in flush.Dead.Chunk(AppendedAtOnce))
            await RetryAsync(token => Done(services.Log.AppendDeadLettersAsync(part, token)), cancel);
        await RetryAsync(token => Done(services.Store.FlushAsync(flush.Partition, token)), cancel);
        progress.Stored = flush.Next;
        ActorsMetrics.Flushed(
            flush.Partition,
            flush.Forwards.Count,
            flush.Dead.Count,
            services.Time.GetElapsedTime(started)
        );
    }

    /// <summary>Tells the log that everything below an offset is stored.</summary>
    public Task CommitAsync(long next, CancellationToken cancel) =>
        RetryAsync(token => Done(services.Log.CommitAsync(partition, next, token)), cancel);

    private static async ValueTask<bool> Done(ValueTask operation)
    {
        await operation;
        return true;
    }
}

/// <summary>What one flush writes.</summary>
/// <param name="Partition">For the store.</param>
/// <param name="Cells">The users whose sessions it stores.</param>
/// <param name="Forwards">Records for other partitions.</param>
/// <param name="Dead">Records put aside.</param>
internal sealed record PendingFlush(
    PartitionFlush Partition,
    IReadOnlyList<SessionCell> Cells,
    IReadOnlyList<NewRecord> Forwards,
    IReadOnlyList<DeadLetter> Dead
)
{
    /// <summary>One past the last record stored.</summary>
    public long Next => Partition.Checkpoint.Version.Offset + 1;
}
