using CourseRec.Actors.Ports;
using CourseRec.Streams.Kafka;
using static CourseRec.Streams.Tests.Contract.Records;

namespace CourseRec.Streams.Tests.Kafka;

/// <summary>Several readers of one topic, each of its own partitions.</summary>
[Collection(KafkaCollection.Name)]
public sealed class KafkaNodesTests(SharedKafkaBroker kafka) : IAsyncLifetime
{
    private readonly KafkaTopics _topics = new(kafka.Broker);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _topics.DisposeAsync();

    [Fact]
    public async Task Nothing_is_left_out_or_read_twice_when_a_process_is_killed_and_another_goes_on_where_it_was()
    {
        var log = await _topics.OpenAsync();
        using var done = new CancellationTokenSource();
        var load = Task.Run(() => AppendUntilAsync(log, done.Token));
        await using var first = Following.Start(log, 0);
        await using var second = Following.Start(log, 1);
        var read = await FollowingProcess.RunAndKillAsync(_topics.Options, [2, 3], after: 3_000);
        await using var third = Following.Start(log, 2, read[2].LastOrDefault(-1) + 1);
        await using var fourth = Following.Start(log, 3, read[3].LastOrDefault(-1) + 1);
        await third.UntilCountAsync(100);
        await fourth.UntilCountAsync(100);
        await done.CancelAsync();
        await load;
        await AssertWholeAsync(log, 0, [], first);
        await AssertWholeAsync(log, 1, [], second);
        await AssertWholeAsync(log, 2, read[2], third);
        await AssertWholeAsync(log, 3, read[3], fourth);
    }

    [Fact]
    public async Task A_partition_goes_back_and_forth_between_two_nodes_under_load_and_nothing_is_left_out()
    {
        KafkaLog[] nodes = [await _topics.OpenAsync(), await _topics.OpenAsync()];
        using var done = new CancellationTokenSource();
        var load = Task.Run(() => AppendUntilAsync(nodes[0], done.Token));
        var read = new List<long>();
        for (var turn = 0; turn < 10; turn++)
        {
            await using var following = Following.Start(nodes[turn % 2], 0, read.LastOrDefault(-1) + 1);
            await following.UntilCountAsync(50);
            await following.DisposeAsync();
            read.AddRange(following.Offsets);
        }
        await done.CancelAsync();
        await load;
        Assert.Equal(Enumerable.Range(0, read.Count).Select(i => (long)i), read);
    }

    [Fact]
    public async Task Streams_that_end_while_records_come_leave_nothing_behind()
    {
        var log = await _topics.OpenAsync();
        using var done = new CancellationTokenSource();
        var load = Task.Run(() => AppendUntilAsync(log, done.Token));
        for (var i = 0; i < 100; i++)
        {
            await using var following = Following.Start(log, i % 4);
            await following.UntilCountAsync(i % 3);
        }
        await done.CancelAsync();
        await load;
        await Eventually.HoldsAsync(() => log.Followed.Count == 0, () => $"{log.Followed.Count} are followed");
    }

    [Fact]
    public async Task Who_follows_a_partition_anew_takes_it_from_who_did_before()
    {
        var log = await _topics.OpenAsync();
        await log.AppendAsync(Numbered(0, 5));
        await using var before = Following.Start(log, 0);
        await before.UntilCountAsync(5);
        await using var after = Following.Start(log, 0, from: 2);
        await after.UntilCountAsync(3);
        var ended = await Assert.ThrowsAsync<InvalidOperationException>(() => before.Ended.Briefly());
        Assert.Equal("Partition 0 is followed by another reader.", ended.Message);
    }

    [Fact]
    public async Task A_client_that_gets_nothing_though_there_is_something_is_replaced()
    {
        var log = await _topics.OpenAsync();
        await using var following = Following.Start(log, 0);
        await using var other = Following.Start(log, 1);
        await log.AppendAsync(Numbered(0, 5));
        await log.AppendAsync(Numbered(1, 5));
        await following.UntilCountAsync(5);
        await other.UntilCountAsync(5);

        var stuck = log.Followed[0].Client!;
        stuck.Pause([new(_topics.Options.Topic, 0), new(_topics.Options.Topic, 1)]);
        await log.AppendAsync(Numbered(0, 5));
        await log.AppendAsync(Numbered(1, 5));
        await following.UntilCountAsync(10);
        await other.UntilCountAsync(10);
        Assert.NotSame(stuck, log.Followed[0].Client);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), following.Offsets);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), other.Offsets);
    }

    [Fact]
    public async Task Without_demand_no_more_is_held_than_the_bound()
    {
        var log = await _topics.OpenAsync();
        var work = new TaskCompletionSource();
        await using var following = Following.Start(log, 0, onBatch: () => work.Task);
        for (var i = 0; i < 60_000; i += 2_000)
            await log.AppendAsync(Numbered(0, 2_000, from: i));
        await Eventually.HoldsAsync(() => Held() >= 16_384, () => $"{Held()} are held");
        // More than the client would fetch meanwhile if it went on.
        await log.AppendAsync(Record(1, "x"));
        await using var other = Following.Start(log, 1);
        await other.UntilCountAsync(1);
        Assert.InRange(Held(), 16_384, 16_384 + 4_096);
        work.SetResult();
        await following.UntilCountAsync(60_000);
        Assert.Equal(Enumerable.Range(0, 60_000).Select(i => (long)i), following.Offsets);

        long Held() => log.Followed.Where(p => p.Number == 0).Sum(p => p.Expected - p.Next);
    }

    [Fact]
    public async Task The_range_of_a_partition_that_is_followed_grows_with_it()
    {
        var log = await _topics.OpenAsync();
        await using var following = Following.Start(log, 0);
        await log.AppendAsync(Numbered(0, 10));
        await following.UntilCountAsync(10);
        Assert.Equal(new OffsetRange(0, 10), await log.RangeAsync(0, CancellationToken.None));
    }

    private static async Task AssertWholeAsync(KafkaLog log, int partition, IEnumerable<long> before, Following after)
    {
        var end = await log.ReadAllAsync(partition);
        await after.UntilCountAsync(end.Count - before.Count());
        Assert.Equal(end.Select(record => record.Offset), before.Concat(after.Offsets));
        Assert.Equal(Enumerable.Range(0, end.Count).Select(i => (long)i), before.Concat(after.Offsets));
    }

    /// <summary>A broker that is too busy may not acknowledge a record, which may be in the log all the same.</summary>
    private static async Task AppendUntilAsync(KafkaLog log, CancellationToken done)
    {
        for (var first = 0; !done.IsCancellationRequested; first += 20)
        {
            for (var partition = 0; partition < log.Identity.Partitions; partition++)
                try
                {
                    await log.AppendAsync(Numbered(partition, 20, first));
                }
                catch (LogUnavailableException)
                {
                    // Then others follow.
                }
        }
    }
}
