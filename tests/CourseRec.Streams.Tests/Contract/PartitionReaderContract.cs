using CourseRec.Actors.Ports;
using static CourseRec.Streams.Tests.Contract.Records;

namespace CourseRec.Streams.Tests.Contract;

/// <summary>How every log is followed. An adapter supplies a log with at least two partitions.</summary>
public abstract class PartitionReaderContract
{
    /// <summary>
    /// Opens this test's log: the first call makes an empty one, a call after it was disposed finds it again.
    /// </summary>
    protected abstract Task<IInteractionLog> OpenAsync();

    [Fact]
    public async Task What_is_there_comes_and_then_what_arrives()
    {
        await using var log = await OpenAsync();
        await log.AppendAsync([.. Numbered(0, 3), .. Numbered(1, 2)]);
        await using var first = Following.Start(log, 0);
        await using var second = Following.Start(log, 1);
        await first.UntilCountAsync(3);
        await second.UntilCountAsync(2);
        await log.AppendAsync(Record(0, "3"), Record(1, "2"));
        await first.UntilCountAsync(4);
        await second.UntilCountAsync(3);
        Assert.Equal(["0", "1", "2", "3"], first.Texts);
        Assert.Equal(["0", "1", "2"], second.Texts);
    }

    [Fact]
    public async Task Following_starts_at_the_offset_named()
    {
        await using var log = await OpenAsync();
        await log.AppendAsync(Numbered(0, 10));
        await using var following = Following.Start(log, 0, from: 6);
        await following.UntilCountAsync(4);
        await log.AppendAsync(Record(0, "10"));
        await following.UntilCountAsync(5);
        Assert.Equal(["6", "7", "8", "9", "10"], following.Texts);
        Assert.Equal([6L, 7, 8, 9, 10], following.Offsets);
    }

    [Fact]
    public async Task From_the_end_only_what_arrives_comes()
    {
        await using var log = await OpenAsync();
        await log.AppendAsync(Numbered(0, 3));
        await using var following = Following.Start(log, 0, from: 3);
        await log.AppendAsync(Numbered(0, 2, from: 3));
        await following.UntilCountAsync(2);
        Assert.Equal(["3", "4"], following.Texts);
    }

    [Fact]
    public async Task Live_records_come_once_each_in_order_and_whole()
    {
        await using var log = await OpenAsync();
        await using var first = Following.Start(log, 0);
        await using var second = Following.Start(log, 1, onBatch: async () => await Task.Yield());
        for (var i = 0; i < 2_000; i += 20)
            await log.AppendAsync([.. Numbered(0, 20, from: i), .. Numbered(1, 20, from: i)]);
        await first.UntilCountAsync(2_000);
        await second.UntilCountAsync(2_000);
        Assert.Equal(Enumerable.Range(0, 2_000).Select(i => $"{i}"), first.Texts);
        Assert.Equal(Enumerable.Range(0, 2_000).Select(i => (long)i), second.Offsets);
        Assert.Equal(Enumerable.Range(0, 2_000).Select(i => Start + i), second.Records.Select(r => r.AcceptedAt));
    }

    [Fact]
    public async Task No_batch_is_larger_than_the_most()
    {
        await using var log = await OpenAsync();
        foreach (var chunk in Numbered(0, 5_000).Chunk(1_300))
            await log.AppendAsync(chunk);
        await using var following = Following.Start(log, 0, from: 100);
        await following.UntilCountAsync(4_900);
        Assert.InRange(following.BatchSizes.Max(), 1, IPartitionReader.MaxBatch);
        Assert.Equal(Enumerable.Range(100, 4_900).Select(i => (long)i), following.Offsets);
    }

    [Fact]
    public async Task Bytes_stay_valid()
    {
        await using var log = await OpenAsync();
        await using var following = Following.Start(log, 0);
        foreach (var chunk in Numbered(0, 5_000).Chunk(100))
            await log.AppendAsync(chunk);
        await following.UntilCountAsync(5_000);
        GC.Collect();
        Assert.Equal(Enumerable.Range(0, 5_000).Select(i => $"{i}"), following.Texts);
    }

    [Fact]
    public async Task Without_demand_nothing_comes_and_other_partitions_go_on()
    {
        await using var log = await OpenAsync();
        var work = new TaskCompletionSource();
        await using var held = Following.Start(log, 0, onBatch: () => work.Task);
        await using var free = Following.Start(log, 1);
        await log.AppendAsync(Record(0, "0"));
        await held.UntilCountAsync(1);
        for (var i = 1; i < 20_000; i += 1_000)
            await log.AppendAsync(Numbered(0, 1_000, from: i));
        await log.AppendAsync(Numbered(1, 3));
        await free.UntilCountAsync(3);
        Assert.Equal(["0"], held.Texts);
        work.SetResult();
        await held.UntilCountAsync(20_001);
        Assert.Equal(Enumerable.Range(0, 20_001).Select(i => (long)i), held.Offsets);
    }

    [Fact]
    public async Task Cancelling_ends_it_while_it_waits()
    {
        await using var log = await OpenAsync();
        await log.AppendAsync(Numbered(0, 3));
        var following = Following.Start(log, 0);
        await following.UntilCountAsync(3);
        await following.DisposeAsync();
        await following.Ended;
        await log.AppendAsync(Record(0, "3"));
        Assert.Equal(3, following.Records.Count);
    }

    [Fact]
    public async Task A_partition_is_followed_again_and_again_from_anywhere()
    {
        await using var log = await OpenAsync();
        await log.AppendAsync(Numbered(0, 1_000));
        foreach (var from in new[] { 0, 990, 500, 1_000, 3, 999, 250, 0 })
        {
            await using var following = Following.Start(log, 0, from);
            await following.UntilCountAsync(Math.Min(1, 1_000 - from));
            Assert.Equal(Enumerable.Range(from, following.Records.Count).Select(i => (long)i), following.Offsets);
        }
        await using var last = Following.Start(log, 0, 900);
        await last.UntilCountAsync(100);
        Assert.Equal(Enumerable.Range(900, 100).Select(i => (long)i), last.Offsets);
    }

    [Fact]
    public async Task One_that_ended_at_once_leaves_nothing_to_the_next()
    {
        await using var log = await OpenAsync();
        await log.AppendAsync(Numbered(0, 100));
        for (var i = 0; i < 20; i++)
            await Following.Start(log, 0, i).DisposeAsync();
        await using var following = Following.Start(log, 0, 40);
        await following.UntilCountAsync(60);
        Assert.Equal(Enumerable.Range(40, 60).Select(i => (long)i), following.Offsets);
    }

    [Fact]
    public async Task From_beyond_the_end_it_stops_with_what_was_found_and_others_go_on()
    {
        await using var log = await OpenAsync();
        await log.AppendAsync([.. Numbered(0, 3), .. Numbered(1, 3)]);
        await using var ahead = Following.Start(log, 0, from: 4);
        await using var right = Following.Start(log, 1);
        var stopped = await Assert.ThrowsAsync<PartitionStoppedException>(() => ahead.Ended.Briefly());
        Assert.StartsWith("Partition 0 was to be read from offset 4, and", stopped.Message);
        Assert.Contains("ends at 3", stopped.Message);
        await log.AppendAsync(Record(1, "3"));
        await right.UntilCountAsync(4);
    }

    [Fact]
    public async Task A_log_opened_again_is_followed_from_anywhere()
    {
        await using (var log = await OpenAsync())
        {
            await log.AppendAsync(Numbered(1, 5));
            await using var first = Following.Start(log, 1);
            await first.UntilCountAsync(5);
        }
        await using var again = await OpenAsync();
        await using var second = Following.Start(again, 1, from: 3);
        await second.UntilCountAsync(2);
        Assert.Equal(["3", "4"], second.Texts);
    }

    [Fact]
    public async Task Closing_the_log_ends_it()
    {
        var log = await OpenAsync();
        await log.AppendAsync(Record(0, "0"));
        await using var following = Following.Start(log, 0);
        await following.UntilCountAsync(1);
        await log.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => following.Ended.Briefly());
    }
}
