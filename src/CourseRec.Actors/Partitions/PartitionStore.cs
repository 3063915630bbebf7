using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// A partition's way to the store and the log: while either is away the partition waits, says so, and nothing is lost.
/// </summary>
internal sealed class PartitionStore(PartitionServices services, int partition, PartitionProgress progress)
{
    private const int AppendedAtOnce = 1000;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>The claim on the partition, once it is restored; null: nothing is written, here or to the log.</summary>
    public PartitionClaim? Claim { get; set; }

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
    /// <exception cref="PartitionStoppedException">Somebody else has claimed the partition since.</exception>
    public async Task FlushAsync(PendingFlush flush, CancellationToken cancel)
    {
        if (Claim is not null)
            await WriteAsync(flush, cancel);
        progress.Stored = flush.Next;
    }

    /// <summary>One past the log's last record; null when the log is away.</summary>
    public async Task<long?> EndAsync(CancellationToken cancel)
    {
        try
        {
            return (await services.Log.RangeAsync(partition, cancel)).End;
        }
        catch (LogUnavailableException)
        {
            return null; // The log says so itself.
        }
    }

    private async Task WriteAsync(PendingFlush flush, CancellationToken cancel)
    {
        var started = services.Time.GetTimestamp();
        await RetryAsync(CheckClaimAsync, cancel);
        foreach (var part in flush.Forwards.Chunk(AppendedAtOnce))
            await RetryAsync(token => services.Log.AppendAsync(part, token), cancel);
        foreach (var part in flush.Dead.Chunk(AppendedAtOnce))
            await RetryAsync(token => Done(services.Log.AppendDeadLettersAsync(part, token)), cancel);
        await RetryAsync(token => Done(services.Store.FlushAsync(flush.Partition, token)), cancel);
        services.Log.Commit(partition, flush.Next);
        ActorsMetrics.Flushed(
            flush.Partition,
            flush.Forwards.Count,
            flush.Dead.Count,
            services.Time.GetElapsedTime(started)
        );
    }

    /// <summary>Two clusters on one store would own everything twice, for ever: the one that began first stops.</summary>
    private async ValueTask<bool> CheckClaimAsync(CancellationToken cancel) =>
        await services.Store.ReadClaimAsync(partition, cancel) is { } found && found.Epoch > Claim!.Epoch
            ? throw new PartitionStoppedException(
                $"partition {partition}: node {found.Owner} has claimed it since (claim {found.Epoch}, here "
                    + $"{Claim.Epoch}). If that node is not of this cluster, two clusters use the same session store: "
                    + "stop one of them, and let its nodes name the other's as seeds (--seeds)."
            )
            : true;

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
