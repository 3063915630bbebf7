using System.Text;
using Confluent.Kafka;
using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Kafka;

public sealed partial class KafkaLog
{
    /// <inheritdoc/>
    /// <remarks>Completes when all in-sync replicas have the records; gives up after 5 s without an answer.</remarks>
    public async ValueTask<IReadOnlyList<PartitionEnd>> AppendAsync(
        IReadOnlyList<NewRecord> records,
        CancellationToken cancel
    )
    {
        foreach (var record in records)
            At(record.Partition);
        var delivery = await ProduceAsync(records, static (log, record) => log.ToMessage(record), cancel);
        var ends = new PartitionEnd[delivery.Ends.Count];
        foreach (var (i, (partition, end)) in delivery.Ends.Index())
            ends[i] = new(partition, end ?? (await QueryRangeAsync(At(partition), cancel)).End);
        return ends;
    }

    /// <inheritdoc/>
    public async ValueTask AppendAsync(IReadOnlyList<NewCatalogueRecord> records, CancellationToken cancel) =>
        await ProduceAsync(records, static (log, record) => log.ToMessage(record), cancel);

    /// <inheritdoc/>
    public async ValueTask AppendDeadLettersAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancel) =>
        await ProduceAsync(letters, static (log, letter) => log.ToMessage(letter), cancel);

    private (TopicPartition, Message<byte[], byte[]>) ToMessage(in NewRecord record) =>
        (
            new(_options.Topic, record.Partition),
            new()
            {
                Key = record.Key.ToArray(),
                Value = _settings.HasTimestamps
                    ? record.Value.ToArray()
                    : RecordFormat.WithAcceptedAt(record.AcceptedAt, record.Value.Span),
                Timestamp = new(record.AcceptedAt, TimestampType.CreateTime),
            }
        );

    /// <summary>A deleted course is a record without a value, which compaction drops in time.</summary>
    private (TopicPartition, Message<byte[], byte[]>) ToMessage(in NewCatalogueRecord record) =>
        (
            new(_options.CatalogueTopic, 0),
            new()
            {
                Key = Encoding.UTF8.GetBytes(record.Course),
                Value = record.Value.IsEmpty ? null! : record.Value.ToArray(),
            }
        );

    private (TopicPartition, Message<byte[], byte[]>) ToMessage(DeadLetter letter) =>
        (
            new(_options.DeadLetterTopic, 0),
            new() { Key = null!, Value = DeadLetterFormat.Write(letter, _options.Topic) }
        );

    private async ValueTask<Delivery> ProduceAsync<T>(
        IReadOnlyList<T> items,
        Func<KafkaLog, T, (TopicPartition, Message<byte[], byte[]>)> toMessage,
        CancellationToken cancel
    )
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        cancel.ThrowIfCancellationRequested();
        _ = Now;
        if (_replaced is { } finding)
            throw new LogUnavailableException(finding);
        var delivery = new Delivery();
        foreach (var item in items)
            Produce(toMessage(this, item), delivery);
        await delivery.WhenAnsweredAsync().WaitAsync(cancel);
        if (delivery.Error is not { } error)
            return delivery;
        _clients.Reconnect(_producer);
        throw new LogUnavailableException(
            $"Kafka at {_options.BootstrapServers} did not take {delivery.Failed} of {items.Count} records: "
                + $"{_clients.Explain(error)} Send them again later."
        );
    }

    private void Produce((TopicPartition Partition, Message<byte[], byte[]> Message) item, Delivery delivery)
    {
        delivery.Add();
        try
        {
            _producer.Produce(item.Partition, item.Message, delivery.Handler);
        }
        catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
        {
            throw new LogBusyException(
                "Too many records are waiting to be written to Kafka already. Try again in a moment."
            );
        }
        catch (ProduceException<byte[], byte[]> e)
        {
            throw new LogUnavailableException($"Kafka does not take the record: {_clients.Explain(e.Error)}", e);
        }
    }
}
