using System.Runtime.CompilerServices;
using Confluent.Kafka;
using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Kafka;

/// <summary>Reads one partition from an offset on, with a client of its own.</summary>
internal sealed class PartitionReader(KafkaClients clients, TimeProvider time)
{
    private const int MaxRecords = 4096;
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(100);

    /// <summary>Batches up to <paramref name="end"/>; without an end, on and on as records arrive.</summary>
    /// <exception cref="LogUnavailableException">The broker does not deliver what it should have.</exception>
    public async IAsyncEnumerable<List<ConsumeResult<byte[], byte[]>>> ReadAsync(
        TopicPartition partition,
        long from,
        long? end,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        if (from >= end)
            yield break;
        using var consumer = clients.Reader();
        consumer.Assign(new TopicPartitionOffset(partition, from));
        var (next, isDone) = (from, false);
        while (!isDone)
        {
            var first = next;
            (var records, next, isDone) = await Blocking.RunAsync(
                () => Take(consumer, partition, first, end, cancel),
                cancel
            );
            if (records.Count > 0)
                yield return records;
        }
    }

    /// <summary>Answers where it goes on, too.</summary>
    private (List<ConsumeResult<byte[], byte[]>> Records, long Next, bool IsLast) Take(
        IConsumer<byte[], byte[]> consumer,
        TopicPartition partition,
        long next,
        long? end,
        CancellationToken cancel
    )
    {
        var (records, started) = (new List<ConsumeResult<byte[], byte[]>>(), time.GetTimestamp());
        while (records.Count < MaxRecords)
        {
            cancel.ThrowIfCancellationRequested();
            var result = Consume(consumer, partition, records.Count == 0 ? PollTime : TimeSpan.Zero);
            if (result is null && records.Count > 0)
                break;
            if (result is null && time.GetElapsedTime(started) > KafkaSettings.RequestTimeout)
            {
                Ask(consumer, partition, next, end);
                started = time.GetTimestamp();
            }
            if (result is null)
                continue;
            next = result.IsPartitionEOF ? result.Offset : result.Offset + 1;
            if (!result.IsPartitionEOF && result.Offset < (end ?? long.MaxValue))
                records.Add(result);
            if (end is not null && (result.IsPartitionEOF || next >= end))
                return (records, next, true);
        }
        return (records, next, false);
    }

    /// <summary>
    /// Nothing came for a while: that is wrong where there is something, and else it may be that the broker is away.
    /// </summary>
    private void Ask(IConsumer<byte[], byte[]> consumer, TopicPartition partition, long next, long? end)
    {
        try
        {
            end ??= consumer.QueryWatermarkOffsets(partition, KafkaSettings.RequestTimeout).High.Value;
        }
        catch (KafkaException)
        {
            clients.Reconnect(consumer);
        }
        if (end > next)
            throw new LogUnavailableException(
                $"Kafka does not deliver {partition} up to offset {end}. Try again later."
            );
    }

    private ConsumeResult<byte[], byte[]>? Consume(
        IConsumer<byte[], byte[]> consumer,
        TopicPartition partition,
        TimeSpan wait
    )
    {
        try
        {
            return consumer.Consume(wait);
        }
        catch (ConsumeException e)
        {
            throw new LogUnavailableException($"{partition} can't be read: {clients.Explain(e.Error)}", e);
        }
    }
}
