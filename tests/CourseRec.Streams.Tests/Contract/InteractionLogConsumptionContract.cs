using CourseRec.Actors.Ports;
using static CourseRec.Streams.Tests.Contract.Records;

namespace CourseRec.Streams.Tests.Contract;

/// <summary>How every interaction log delivers. An adapter supplies a log with at least two partitions.</summary>
public abstract class InteractionLogConsumptionContract
{
    /// <summary>
    /// Opens this test's log: the first call makes an empty one, a call after it was disposed finds it again.
    /// </summary>
    protected abstract Task<IInteractionLog> OpenAsync();

    [Fact]
    public async Task Every_partition_is_assigned_with_its_range_and_delivered()
    {
        await using var log = await OpenAsync();
        await log.AppendAsync([.. Numbered(0, 3), .. Numbered(1, 2)]);
        var consumer = new Recorder();
        await using var consumption = await Consumption.StartAsync(log, consumer);
        await consumer.UntilDeliveredAsync(5);
        Assert.Equal(new OffsetRange(0, 3), consumer.Assigned[0]);
        Assert.Equal(new OffsetRange(0, 2), consumer.Assigned[1]);
        Assert.Equal(["0", "1", "2"], consumer.TextsOf(0));
        Assert.Equal(["0", "1"], consumer.TextsOf(1));
    }

    [Fact]
    public async Task Delivery_starts_at_the_offset_that_the_consumer_names()
    {
        await using var log = await OpenAsync();
        await log.AppendAsync(Numbered(0, 10));
        var consumer = new Recorder { StartAt = (partition, range) => partition == 0 ? 6 : range.First };
        await using var consumption = await Consumption.StartAsync(log, consumer);
        await consumer.UntilDeliveredAsync(4);
        await log.AppendAsync(Record(0, "10"));
        await consumer.UntilDeliveredAsync(5);
        Assert.Equal(["6", "7", "8", "9", "10"], consumer.TextsOf(0));
        Assert.Equal([6L, 7, 8, 9, 10], consumer.Of(0).Select(r => r.Offset));
    }

    [Fact]
    public async Task Live_records_arrive_once_each_and_in_order()
    {
        await using var log = await OpenAsync();
        var consumer = new Recorder { OnRecords = async (_, _) => await Task.Yield() };
        await using var consumption = await Consumption.StartAsync(log, consumer);
        for (var i = 0; i < 2_000; i += 20)
            await log.AppendAsync([.. Numbered(0, 20, from: i), .. Numbered(1, 20, from: i)]);
        await consumer.UntilDeliveredAsync(4_000);
        var expected = Enumerable.Range(0, 2_000).Select(i => $"{i}").ToArray();
        Assert.Equal(expected, consumer.TextsOf(0));
        Assert.Equal(expected, consumer.TextsOf(1));
        Assert.Equal(Enumerable.Range(0, 2_000).Select(i => Start + i), consumer.Of(1).Select(r => r.AcceptedAt));
        Assert.False(consumer.HasOverlapped);
    }

    [Fact]
    public async Task A_partition_is_paused_while_its_consumer_works_and_others_go_on()
    {
        await using var log = await OpenAsync();
        var work = new TaskCompletionSource();
        var consumer = new Recorder { OnRecords = (partition, _) => partition == 0 ? work.Task : Task.CompletedTask };
        await using var consumption = await Consumption.StartAsync(log, consumer);
        await log.AppendAsync(Record(0, "0"));
        await consumer.UntilDeliveredAsync(1);
        await log.AppendAsync(Record(0, "1"), Record(1, "0"));
        await log.AppendAsync(Record(1, "1"));
        await consumer.UntilDeliveredAsync(3);
        Assert.Equal(["0"], consumer.TextsOf(0));
        Assert.Equal(["0", "1"], consumer.TextsOf(1));
        work.SetResult();
        await consumer.UntilDeliveredAsync(4);
        Assert.Equal(["0", "1"], consumer.TextsOf(0));
    }

    [Fact]
    public async Task A_stopped_partition_stays_still_while_others_go_on()
    {
        await using var log = await OpenAsync();
        await log.AppendAsync(Record(0, "0"), Record(1, "0"));
        var consumer = new Recorder
        {
            OnRecords = (partition, _) =>
                partition == 0 ? throw new PartitionStoppedException("Not what was expected.") : Task.CompletedTask,
        };
        await using (await Consumption.StartAsync(log, consumer))
        {
            await consumer.UntilDeliveredAsync(2);
            await log.AppendAsync(Record(0, "1"), Record(1, "1"));
            await consumer.UntilDeliveredAsync(3);
            Assert.Equal(["0"], consumer.TextsOf(0));
            Assert.Equal(["0", "1"], consumer.TextsOf(1));
        }
        Assert.Contains((0, ReleaseReason.Revoked), consumer.Released);
    }

    [Fact]
    public async Task A_partition_refused_at_its_assignment_stays_still()
    {
        await using var log = await OpenAsync();
        await log.AppendAsync(Record(0, "0"), Record(1, "0"));
        var consumer = new Recorder
        {
            StartAt = (partition, range) =>
                partition == 0 ? throw new PartitionStoppedException("Another log.") : range.First,
        };
        await using var consumption = await Consumption.StartAsync(log, consumer);
        await log.AppendAsync(Record(1, "1"));
        await consumer.UntilDeliveredAsync(2);
        Assert.Empty(consumer.Of(0));
        Assert.Equal(["0", "1"], consumer.TextsOf(1));
    }

    [Fact]
    public async Task Stopping_releases_every_partition_in_good_order()
    {
        await using var log = await OpenAsync();
        var consumer = new Recorder();
        await (await Consumption.StartAsync(log, consumer)).DisposeAsync();
        Assert.Equal(
            Enumerable.Range(0, log.Identity.Partitions).Select(p => (p, ReleaseReason.Revoked)),
            consumer.Released.Order()
        );
    }

    [Fact]
    public async Task Ownership_is_proven_only_while_consuming()
    {
        await using var log = await OpenAsync();
        await log.AppendAsync(Record(0, "0"));
        Assert.False(log.IsOwnershipProven(0));
        var consumer = new Recorder();
        await using (await Consumption.StartAsync(log, consumer))
        {
            await consumer.UntilDeliveredAsync(1);
            await Eventually.HoldsAsync(() => log.IsOwnershipProven(0), () => "not proven");
        }
        Assert.False(log.IsOwnershipProven(0));
    }

    [Fact]
    public async Task A_later_consumer_goes_on_where_it_says()
    {
        await using (var log = await OpenAsync())
        {
            await log.AppendAsync(Numbered(1, 5));
            var first = new Recorder();
            await using var consumption = await Consumption.StartAsync(log, first);
            await first.UntilDeliveredAsync(5);
        }
        await using var again = await OpenAsync();
        var second = new Recorder { StartAt = (partition, _) => partition == 1 ? 3 : 0 };
        await using var later = await Consumption.StartAsync(again, second);
        await second.UntilDeliveredAsync(2);
        Assert.Equal(["3", "4"], second.TextsOf(1));
    }

    [Fact]
    public async Task Delivered_bytes_stay_valid()
    {
        await using var log = await OpenAsync();
        var consumer = new Recorder();
        await using var consumption = await Consumption.StartAsync(log, consumer);
        foreach (var chunk in Numbered(0, 5_000).Chunk(100))
            await log.AppendAsync(chunk);
        await consumer.UntilDeliveredAsync(5_000);
        GC.Collect();
        Assert.Equal(Enumerable.Range(0, 5_000).Select(i => $"{i}"), consumer.TextsOf(0));
    }
}
