using System.Runtime.CompilerServices;
using Akka;
using Akka.Streams.Dsl;
using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Embedded;

public sealed partial class EmbeddedLog
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    /// <remarks>Closing the log fails it with <see cref="ObjectDisposedException"/>.</remarks>
    public Source<ReadOnlyMemory<LogRecord>, NotUsed> Follow(int partition, long from)
    {
        var followed = PartitionAt(partition);
        return Source.From(() => FollowAsync(followed, from));
    }

    /// <summary>The stream that runs it cancels it when it ends, however that comes.</summary>
    private async IAsyncEnumerable<ReadOnlyMemory<LogRecord>> FollowAsync(
        LogPartition partition,
        long from,
        [EnumeratorCancellation] CancellationToken cancel = default
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel, _closing.Token);
        var next = Math.Max(from, partition.Range.First);
        RequireWithin(partition, next);
        while (true)
        {
            var batches = await NextAsync(partition, next, ending.Token);
            var records = BatchCodec.Read(batches, next);
            for (var at = 0; at < records.Length; at += IPartitionReader.MaxBatch)
                yield return records.AsMemory(at, Math.Min(IPartitionReader.MaxBatch, records.Length - at));
            next = batches[^1].End;
        }
    }

    private void RequireWithin(LogPartition partition, long next)
    {
        if (next > partition.Range.End)
            throw new PartitionStoppedException(
                $"Partition {partition.Number} was to be read from offset {next}, and {_file.Path} ends at "
                    + $"{partition.Range.End}. "
                    + "The log is older than what was stored of it: restore it, or open a new generation "
                    + "(courserec generation open)."
            );
    }

    /// <summary>
    /// The batches from an offset on, from memory where they are there; waits when there are none yet.
    /// </summary>
    private async ValueTask<List<Batch>> NextAsync(LogPartition partition, long next, CancellationToken ending)
    {
        try
        {
            while (true)
            {
                var changed = partition.Tail.Changed;
                var batches = partition.Tail.Take(next, IPartitionReader.MaxBatch);
                if (batches.Count > 0)
                    return batches;
                if (next >= partition.Tail.End)
                    await changed.WaitAsync(ending);
                else if (await ReadBehindAsync(partition, next, ending) is { Count: > 0 } read)
                    return read;
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(EmbeddedLog));
        }
    }

    private async ValueTask<List<Batch>> ReadBehindAsync(LogPartition partition, long next, CancellationToken ending)
    {
        try
        {
            return await Task.Run(() => ReadBatches(partition.Number, next, partition.Tail.End), ending);
        }
        catch (LogUnavailableException e)
        {
            _logger.PartitionUnreadable(partition.Number, e.Message, RetryAfter, e);
            await Task.Delay(RetryAfter, _time, ending);
            return [];
        }
    }
}
