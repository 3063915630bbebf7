using System.Runtime.CompilerServices;
using System.Text;
using Confluent.Kafka;
using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Kafka;

public sealed partial class KafkaLog
{
    /// <summary>Records looked at in one step backwards, on a broker that can't look up times.</summary>
    private const int SearchStep = 4096;

    // Kafka's protocol, ListOffsets: these times stand for a partition's ends.
    private static readonly Timestamp Latest = new(-1, TimestampType.CreateTime);
    private static readonly Timestamp Earliest = new(-2, TimestampType.CreateTime);

    private bool _isAway;

    /// <inheritdoc/>
    /// <remarks>Of a partition that is followed here: as of the last second in which the broker answered.</remarks>
    public ValueTask<OffsetRange> RangeAsync(int partition, CancellationToken cancel)
    {
        var asked = At(partition);
        return Now.Fetcher.Find(partition) is { } known ? new(known.Range) : new(QueryRangeAsync(asked, cancel));
    }

    /// <inheritdoc/>
    /// <remarks>
    /// On a broker without timestamps it reads backwards, until 4,096 records in a row are older.
    /// </remarks>
    public async ValueTask<long> FindOffsetAsync(int partition, long acceptedAt, CancellationToken cancel)
    {
        var at = At(partition);
        var range = await QueryRangeAsync(at, cancel);
        if (!_settings.HasTimestamps)
            return await SearchBackAsync(partition, acceptedAt, range, cancel);
        var wanted = new TopicPartitionTimestamp(at, new(acceptedAt, TimestampType.CreateTime));
        var found = await AskAsync(queries => queries.OffsetsForTimes([wanted], KafkaSettings.RequestTimeout), cancel);
        return found[0].Offset.IsSpecial ? range.End : found[0].Offset.Value;
    }

    /// <inheritdoc/>
    /// <exception cref="LogUnavailableException">The broker does not answer.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<LogRecord>> ReadAsync(
        int partition,
        long from,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var at = At(partition);
        var range = await QueryRangeAsync(at, cancel);
        await foreach (var records in ReadAsync(at, new(Math.Max(from, range.First), range.End), cancel))
            yield return records;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DeadLetter> ReadDeadLettersAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var at = new TopicPartition(_options.DeadLetterTopic, 0);
        await foreach (var records in ReadAsync(at, await QueryRangeAsync(at, cancel), cancel))
        {
            for (var i = 0; i < records.Length; i++)
                yield return DeadLetterFormat.Read(records.Span[i]);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> EndAsync(CancellationToken cancel) =>
        (await QueryRangeAsync(new(_options.CatalogueTopic, 0), cancel)).End;

    /// <inheritdoc/>
    public async IAsyncEnumerable<CatalogueRecord> FollowAsync(
        long from,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel, _closing.Token);
        var at = new TopicPartition(_options.CatalogueTopic, 0);
        var range = await QueryRangeAsync(at, ending.Token);
        await foreach (var batch in _reader.ReadAsync(at, Math.Max(from, range.First), null, ending.Token))
        {
            foreach (var result in batch)
                yield return new(
                    result.Offset,
                    Encoding.UTF8.GetString(result.Message.Key ?? []),
                    result.Message.Value ?? []
                );
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<LogRecord>> ReadAsync(
        TopicPartition partition,
        OffsetRange range,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        await foreach (var batch in _reader.ReadAsync(partition, range.First, range.End, cancel))
            yield return batch
                .ConvertAll(r => RecordFormat.Read(r.Offset, r.Message.Timestamp, r.Message.Value))
                .ToArray();
    }

    /// <summary>The first record at or after a time, of those behind the last 4,096 in a row that are older.</summary>
    private async Task<long> SearchBackAsync(
        int partition,
        long acceptedAt,
        OffsetRange range,
        CancellationToken cancel
    )
    {
        var found = range.End;
        for (var end = range.End; end > range.First; )
        {
            var start = Math.Max(range.First, end - SearchStep);
            var first = await FirstSinceAsync(At(partition), acceptedAt, new(start, end), cancel);
            if (first is null)
                break;
            (found, end) = (first.Value, start);
        }
        return found;
    }

    private async Task<long?> FirstSinceAsync(
        TopicPartition partition,
        long acceptedAt,
        OffsetRange range,
        CancellationToken cancel
    )
    {
        await foreach (var records in ReadAsync(partition, range, cancel))
        {
            foreach (var record in records.Span)
            {
                if (record.AcceptedAt >= acceptedAt)
                    return record.Offset;
            }
        }
        return null;
    }

    private Task<OffsetRange> QueryRangeAsync(TopicPartition partition, CancellationToken cancel) =>
        AskAsync(queries => QueryRanges(queries, [partition])[0], cancel);

    /// <summary>Asks for all of them at once.</summary>
    private static OffsetRange[] QueryRanges(IConsumer<byte[], byte[]> queries, TopicPartition[] partitions) =>
        [
            .. QueryOffsets(queries, partitions, Earliest)
                .Zip(QueryOffsets(queries, partitions, Latest), (first, end) => new OffsetRange(first, end)),
        ];

    private static IEnumerable<long> QueryOffsets(
        IConsumer<byte[], byte[]> queries,
        TopicPartition[] partitions,
        Timestamp time
    )
    {
        try
        {
            var asked = partitions.Select(at => new TopicPartitionTimestamp(at, time));
            return queries.OffsetsForTimes(asked, KafkaSettings.RequestTimeout).Select(found => found.Offset.Value);
        }
        catch (TopicPartitionOffsetException e)
        {
            // What is wrong with one of them says more than that some are.
            throw new KafkaException(e.Results.First(result => result.Error.IsError).Error);
        }
    }

    /// <summary>That Kafka does not answer is said once, and that it does again.</summary>
    private async Task<T> AskAsync<T>(Func<IConsumer<byte[], byte[]>, T> question, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        var opened = Now;
        try
        {
            var answer = await Blocking.RunAsync(() => question(opened.Queries), cancel);
            if (Interlocked.Exchange(ref _isAway, false))
                _logger.Back(_options.BootstrapServers);
            return answer;
        }
        catch (KafkaException e)
        {
            var problem = _clients.Explain(e.Error);
            if (e.Error.IsLocalError && !Interlocked.Exchange(ref _isAway, true))
                _logger.Away(_options.BootstrapServers, problem);
            _clients.Reconnect(opened.Queries);
            opened.Fetcher.Reconnect();
            throw new LogUnavailableException(
                $"Kafka at {_options.BootstrapServers} does not answer: {problem} Try again later.",
                e
            );
        }
    }
}
