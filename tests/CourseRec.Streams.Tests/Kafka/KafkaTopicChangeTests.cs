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
    public async Task A_partition_whose_records_went_before_they_were_read_stops_with_what_was_found_and_others_go_on()
    {
        var topic = _topics.Options.Topic;
        await kafka.Broker.CreateTopicAsync(topic, 2, default, "segment.bytes=1000000");
        var log = await _topics.OpenAsync();
        var work = new TaskCompletionSource();
        await using var held = Following.Start(log, 0, onBatch: () => work.Task);
        await using var other = Following.Start(log, 1);
        // More than is held for a stream that does not ask.
        for (var i = 0; i < 60_000; i += 2_000)
            await log.AppendAsync(Numbered(0, 2_000, from: i));
        await UntilHeldAsync(log);
        await kafka.Broker.TopicAsync("--alter", "--topic", topic, "--config", "retention.ms=1");
        await Eventually.HoldsAsync(
            async () => await FirstAsync(log) >= 40_000,
            async () => $"{await FirstAsync(log)}"
        );
        work.SetResult();
        var stopped = await Assert.ThrowsAsync<PartitionStoppedException>(() => held.Ended.Briefly());
        Assert.Matches(
            "^Partition 0 was to be read from offset [0-9]+, and the topic begins at [0-9]+ now: records went",
            stopped.Message
        );
        Assert.Equal(Enumerable.Range(0, held.Records.Count).Select(i => (long)i), held.Offsets);
        await log.AppendAsync(Record(1, "later"));
        await other.UntilTextAsync("later");
    }

    [Fact]
    public async Task A_partition_that_was_cut_below_where_it_is_read_stops_with_what_was_found()
    {
        var log = await _topics.OpenAsync();
        await log.AppendAsync(Numbered(0, 5));
        await using var following = Following.Start(log, 0, from: 6);
        var stopped = await Assert.ThrowsAsync<PartitionStoppedException>(() => following.Ended.Briefly());
        Assert.Equal(
            "Partition 0 was to be read from offset 6, and the topic ends at 5. The log is older than what was stored "
                + "of it: put the right one back, or open a new generation (courserec generation open).",
            stopped.Message
        );
    }

    [Fact]
    public async Task Added_partitions_end_all_reading_and_nothing_more_is_written()
    {
        var log = await _topics.OpenAsync();
        await using var first = Following.Start(log, 0);
        await using var second = Following.Start(log, 1);
        await kafka.Broker.TopicAsync("--alter", "--topic", _topics.Options.Topic, "--partitions", "6");
        var ended = await Assert.ThrowsAsync<PartitionStoppedException>(() => first.Ended.Briefly());
        Assert.Contains("had 4 partitions and has 6 now", ended.Message);
        await Assert.ThrowsAsync<PartitionStoppedException>(() => second.Ended.Briefly());
        await Assert.ThrowsAsync<LogUnavailableException>(() => log.AppendAsync(Record(0, "x")));
        await using var late = Following.Start(log, 2);
        await Assert.ThrowsAsync<PartitionStoppedException>(() => late.Ended.Briefly());
    }

    private static Task UntilHeldAsync(KafkaLog log)
    {
        long Held() => log.Followed.Where(p => p.Number == 0).Sum(p => p.Expected - p.Next);
        return Eventually.HoldsAsync(() => Held() >= 16_384, () => $"{Held()} are held");
    }

    /// <summary>The broker fails to say when it has just deleted the segment that it looks at.</summary>
    private static async Task<long> FirstAsync(KafkaLog log)
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
