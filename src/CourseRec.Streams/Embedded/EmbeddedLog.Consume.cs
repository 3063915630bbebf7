using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Embedded;

public sealed partial class EmbeddedLog
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private int _isConsumed;
    private Task _consuming = Task.CompletedTask;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The log is consumed already.</exception>
    /// <remarks>
    /// Anything but <see cref="PartitionStoppedException"/> from the consumer releases all partitions and is thrown.
    /// </remarks>
    public Task ConsumeAsync(ILogConsumer consumer, CancellationToken stop)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        if (Interlocked.Exchange(ref _isConsumed, 1) == 1)
            throw new InvalidOperationException("This log is consumed already; it has one consumer at a time.");
        return _consuming = ConsumeAllAsync(consumer, stop);
    }

    /// <inheritdoc/>
    /// <remarks>The file's lock is the proof: no other process can own anything while this one holds it.</remarks>
    public bool IsOwnershipProven(int partition) => PartitionAt(partition).IsOwned;

    private async Task ConsumeAllAsync(ILogConsumer consumer, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, _closing.Token);
        try
        {
            await Task.WhenAll(_partitions.Select(p => Task.Run(() => ConsumeOneAsync(p, consumer, ending))));
        }
        finally
        {
            Volatile.Write(ref _isConsumed, 0);
        }
    }

    private async Task ConsumeOneAsync(LogPartition partition, ILogConsumer consumer, CancellationTokenSource ending)
    {
        partition.IsOwned = true;
        try
        {
            await DeliverAsync(partition, consumer, ending.Token);
        }
        catch (PartitionStoppedException e)
        {
            _logger.PartitionStopped(partition.Number, e.Message, e);
            await UntilAsync(ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Asked to stop.
        }
        catch
        {
            await ending.CancelAsync();
            throw;
        }
        finally
        {
            partition.IsOwned = false;
            await consumer.OnReleasedAsync(partition.Number, ReleaseReason.Revoked, CancellationToken.None);
        }
    }

    private async Task DeliverAsync(LogPartition partition, ILogConsumer consumer, CancellationToken stop)
    {
        var range = partition.Range;
        var next = Math.Max(await consumer.OnAssignedAsync(partition.Number, range, stop), range.First);
        if (next > partition.Range.End)
            throw new PartitionStoppedException(
                $"Partition {partition.Number} was to be read from offset {next}, and {_file.Path} ends at "
                    + $"{partition.Range.End}. "
                    + "The log is older than what was stored of it: restore it, or open a new generation "
                    + "(courserec generation open)."
            );
        while (!stop.IsCancellationRequested)
        {
            var batches = await NextAsync(partition, next, stop);
            await consumer.OnRecordsAsync(partition.Number, BatchCodec.Read(batches, next), stop);
            next = batches[^1].End;
        }
    }

    /// <summary>
    /// The batches from an offset on, from memory where they are there; waits when there are none yet.
    /// </summary>
    private async ValueTask<List<Batch>> NextAsync(LogPartition partition, long next, CancellationToken stop)
    {
        while (true)
        {
            var changed = partition.Tail.Changed;
            var batches = partition.Tail.Take(next, BatchBuilder.MaxRecords);
            if (batches.Count > 0)
                return batches;
            if (next >= partition.Tail.End)
                await changed.WaitAsync(stop);
            else if (await ReadBehindAsync(partition, next, stop) is { Count: > 0 } read)
                return read;
        }
    }

    private async ValueTask<List<Batch>> ReadBehindAsync(LogPartition partition, long next, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        try
        {
            return ReadBatches(partition.Number, next, partition.Tail.End);
        }
        catch (LogUnavailableException e)
        {
            _logger.PartitionUnreadable(partition.Number, e.Message, RetryAfter, e);
            await Task.Delay(RetryAfter, _time, stop);
            return [];
        }
    }

    private static async Task UntilAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stop.Register(stopped.SetResult))
            await stopped.Task;
    }
}
