using CourseRec.Actors.Ports;
using CourseRec.Streams.Kafka;
using static CourseRec.Streams.Tests.Contract.Records;

namespace CourseRec.Streams.Tests.Kafka;

/// <summary>What operators do to topics.</summary>
[Collection(KafkaCollection.Name)]
public sealed class KafkaTopicChangeTests(SharedKafkaBroker kafka) : IAsyncLifetime
{
    private readonly KafkaTopics _topics = new(kafka.Broker);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _topics.DisposeAsync();

    [Fact]
    public async Task A_topic_that_was_trimmed_below_the_position_is_assigned_anew_with_what_is_left()
    {
        var topic = _topics.Options.Topic;
        await kafka.Broker.CreateTopicAsync(topic, 2, default, "segment.bytes=100000");
        var log = await _topics.OpenAsync();
        foreach (var chunk in Numbered(0, 10_000).Chunk(1_000))
            await log.AppendAsync(chunk);
        var ranges = new List<OffsetRange>();
        var consumer = new Recorder
        {
            StartAt = (partition, range) =>
            {
                if (partition == 0)
                    ranges.Add(range);
                return range.First;
            },
        };
        // The offset is asked for, and before it is fetched the records there go.
        var slow = new TrimmedWhileAssigned(consumer, TrimAsync);
        await using var consumption = Consumption.Start(log, slow);
        await Eventually.HoldsAsync(() => ranges.Count >= 2, () => $"{ranges.Count} assignments");
        Assert.Equal(0, ranges[0].First);
        Assert.InRange(ranges[1].First, 1, 10_000);
        Assert.Contains((0, ReleaseReason.Revoked), consumer.Released);
        await log.AppendAsync(Record(0, "later"));
        await Eventually.HoldsAsync(
            () => consumer.Delivered.LastOrDefault().Record.Text() == "later",
            () => consumer.Delivered.Count
        );
        Assert.True(_topics.Logger.Contains("can't be read on from where it was"));

        async Task TrimAsync()
        {
            await kafka.Broker.TopicAsync("--alter", "--topic", topic, "--config", "retention.ms=1");
            while (await FirstAsync() == 0)
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            await kafka.Broker.TopicAsync("--alter", "--topic", topic, "--config", "retention.ms=604800000");
        }

        // The broker fails to say when it has just deleted the segment that it looks at.
        async Task<long> FirstAsync()
        {
            try
            {
                return (await log.RangeAsync(0, CancellationToken.None)).First;
            }
            catch (LogUnavailableException)
            {
                return 0;
            }
        }
    }

    [Fact]
    public async Task Added_partitions_end_the_consumption_and_nothing_more_is_written()
    {
        var log = await _topics.OpenAsync();
        var consumer = new Recorder();
        var consuming = log.ConsumeAsync(consumer, CancellationToken.None);
        await Eventually.HoldsAsync(() => consumer.Assigned.Count == 4, () => consumer.Assigned.Count);
        await kafka.Broker.TopicAsync("--alter", "--topic", _topics.Options.Topic, "--partitions", "6");
        var ended = await Assert.ThrowsAsync<LogReplacedException>(() => consuming.Briefly());
        Assert.Contains("had 4 partitions and has 6 now", ended.Message);
        Assert.Equal(4, consumer.Released.Count);
        await Assert.ThrowsAsync<LogUnavailableException>(() => log.AppendAsync(Record(0, "x")).AsTask());
    }

    /// <summary>The first assignment of partition 0 takes until its records have gone.</summary>
    private sealed class TrimmedWhileAssigned(Recorder recorder, Func<Task> trim) : ILogConsumer
    {
        private int _assigned;

        public async ValueTask<long> OnAssignedAsync(int partition, OffsetRange range, CancellationToken cancel)
        {
            if (partition == 0 && Interlocked.Increment(ref _assigned) == 1)
                await trim();
            return await recorder.OnAssignedAsync(partition, range, cancel);
        }

        public ValueTask OnRecordsAsync(int partition, ReadOnlyMemory<LogRecord> records, CancellationToken cancel) =>
            recorder.OnRecordsAsync(partition, records, cancel);

        public ValueTask OnReleasedAsync(int partition, ReleaseReason reason, CancellationToken cancel) =>
            recorder.OnReleasedAsync(partition, reason, cancel);
    }
}
