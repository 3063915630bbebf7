using System.Runtime.CompilerServices;
using Akka;
using Akka.Streams.Dsl;
using Confluent.Kafka;
using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Kafka;

public sealed partial class KafkaLog
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private const int LooksPerComparison = 5;
    private volatile string? _replaced;

    /// <inheritdoc/>
    /// <remarks>
    /// Before the log is open it waits for that. Whoever follows a partition that is followed here already takes it
    /// over: the other one fails with <see cref="InvalidOperationException"/>. Closing the log fails it with
    /// <see cref="ObjectDisposedException"/>.
    /// </remarks>
    public Source<ReadOnlyMemory<LogRecord>, NotUsed> Follow(int partition, long from) =>
        Source.From(() => FollowAsync(partition, from));

    /// <inheritdoc/>
    /// <remarks>Sent a second later at the most.</remarks>
    public void Commit(int partition, long next)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(next);
        At(partition);
        Now.Commits.Note(partition, next);
    }

    /// <summary>
    /// The stream that runs it cancels it when it ends, however that comes; that alone is relied on, as it may be
    /// abandoned just when it has records.
    /// </summary>
    private async IAsyncEnumerable<ReadOnlyMemory<LogRecord>> FollowAsync(
        int partition,
        long from,
        [EnumeratorCancellation] CancellationToken cancel = default
    )
    {
        var fetcher = (await _opening.WaitAsync(cancel)).Fetcher;
        var range = await AwaitRangeAsync(partition, cancel);
        var next = Math.Max(from, range.First);
        if (PartitionFetcher.Outside(partition, next, range) is { } finding)
            throw finding;
        var followed = fetcher.Follow(partition, next, range);
        await using var leaving = cancel.Register(() => fetcher.Leave(followed));
        try
        {
            await foreach (var batch in followed.ReadAsync(cancel))
                yield return batch;
        }
        finally
        {
            fetcher.Leave(followed);
        }
    }

    private async Task<OffsetRange> AwaitRangeAsync(int partition, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await QueryRangeAsync(At(partition), cancel);
            }
            catch (LogUnavailableException)
            {
                await Task.Delay(LookEvery, _time, cancel);
            }
        }
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        var (_, topics, _, fetcher, _) = await _opening;
        for (var look = 1; !stop.IsCancellationRequested; look++)
        {
            await LookAsync(fetcher, stop);
            if (look % LooksPerComparison == 0 && await FindReplacementAsync(topics, stop) is { } finding)
                fetcher.Fail(new PartitionStoppedException(_replaced = finding));
            await Task.Delay(LookEvery, _time, stop);
        }
    }

    /// <summary>Looks where the partitions end that are followed.</summary>
    private async Task LookAsync(PartitionFetcher fetcher, CancellationToken stop)
    {
        var followed = fetcher.Followed.ToArray();
        if (followed.Length == 0)
            return;
        try
        {
            TopicPartition[] asked = [.. followed.Select(partition => At(partition.Number))];
            var ranges = await AskAsync(queries => QueryRanges(queries, asked), stop);
            var stuck = followed.Zip(ranges).Where(found => Look(found.First, found.Second)).ToArray();
            if (stuck is [var (one, range), ..])
            {
                _logger.Stuck(stuck.Length, one.Number, one.Expected, range.End);
                fetcher.Renew();
            }
        }
        catch (LogUnavailableException)
        {
            // It was said, and is tried again.
        }
    }

    /// <summary>Says once when records are about to go before they were taken. Answers whether it is stuck.</summary>
    private bool Look(FollowedPartition partition, OffsetRange range)
    {
        var isStuck = partition.Look(range);
        var (lag, kept) = (partition.Lag, range.End - range.First);
        var isNear = range.First > 0 && lag > kept / 2;
        if (isNear && !partition.IsRetentionNear)
            _logger.RetentionNear(partition.Number, lag, kept);
        partition.IsRetentionNear = isNear;
        return isStuck;
    }

    private async Task<string?> FindReplacementAsync(TopicSetup topics, CancellationToken cancel)
    {
        if (await topics.TryIdentifyAsync(cancel) is not { } now || now == Identity)
            return null;
        return now.Id != Identity.Id
            ? $"Topic {_options.Topic} was deleted and made anew (its id was {Identity.Id}, now it is "
                + $"{now.Id}): nothing more is read or written. "
                + "Stop the nodes and open a new generation (courserec generation open)."
            : $"Topic {_options.Topic} had {Identity.Partitions} partitions and has {now.Partitions} now, so "
                + "that users' events are spread anew: nothing more is read or written. "
                + "Stop the producers, copy what came since to a new topic with the partitions wanted, name it "
                + "(Kafka:Topic), and open a new generation (courserec generation open).";
    }
}
