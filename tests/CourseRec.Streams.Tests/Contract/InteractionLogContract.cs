using System.Text;
using CourseRec.Actors.Ports;
using static CourseRec.Streams.Tests.Contract.Records;

namespace CourseRec.Streams.Tests.Contract;

/// <summary>What every interaction log must do. An adapter supplies a log with at least two partitions.</summary>
public abstract class InteractionLogContract
{
    /// <summary>
    /// Opens this test's log: the first call makes an empty one, a call after it was disposed finds it again.
    /// </summary>
    protected abstract Task<IInteractionLog> OpenAsync();

    [Fact]
    public async Task Records_are_read_back_as_appended()
    {
        await using var log = await OpenAsync();
        await log.AppendAsync(
            Record(1, "first", Start),
            Record(1, "", Start + 7, key: ""),
            Record(1, "third", Start + 3)
        );
        var read = await log.ReadAllAsync(1);
        Assert.Equal(["first", "", "third"], read.Select(r => r.Text()));
        Assert.Equal([0L, 1, 2], read.Select(r => r.Offset));
        Assert.Equal([Start, Start + 7, Start + 3], read.Select(r => r.AcceptedAt));
    }

    [Fact]
    public async Task A_new_log_is_empty()
    {
        await using var log = await OpenAsync();
        Assert.Equal(new OffsetRange(0, 0), await log.RangeAsync(0, CancellationToken.None));
        Assert.Empty(await log.ReadAllAsync(0));
        Assert.Equal(0, await log.FindOffsetAsync(0, Start, CancellationToken.None));
        Assert.Empty(await log.ReadLettersAsync());
    }

    [Fact]
    public async Task Partitions_have_their_own_offsets()
    {
        await using var log = await OpenAsync();
        await log.AppendAsync(Record(0, "a"), Record(1, "b"), Record(0, "c"));
        Assert.Equal(new OffsetRange(0, 2), await log.RangeAsync(0, CancellationToken.None));
        Assert.Equal(new OffsetRange(0, 1), await log.RangeAsync(1, CancellationToken.None));
        Assert.Equal(["a", "c"], await log.ReadTextsAsync(0));
        Assert.Equal(["b"], await log.ReadTextsAsync(1));
    }

    [Fact]
    public async Task An_append_of_nothing_completes()
    {
        await using var log = await OpenAsync();
        await log.AppendAsync();
        Assert.Equal(new OffsetRange(0, 0), await log.RangeAsync(0, CancellationToken.None));
    }

    [Fact]
    public async Task An_append_answers_where_its_partitions_end()
    {
        await using var log = await OpenAsync();
        Assert.Empty(await log.AppendAsync([], CancellationToken.None));
        Assert.Equal([new(1, 1)], await log.AppendAsync([Record(1, "a")], CancellationToken.None));
        var ends = await log.AppendAsync([Record(1, "b"), Record(0, "c"), Record(1, "d")], CancellationToken.None);
        Assert.Equal([new(0, 1), new(1, 3)], ends.OrderBy(end => end.Partition));
    }

    [Fact]
    public async Task A_log_that_is_open_has_no_problem()
    {
        await using var log = await OpenAsync();
        await log.OpenedAsync(CancellationToken.None);
        Assert.Null(log.Problem);
    }

    [Fact]
    public async Task A_cancelled_append_throws()
    {
        await using var log = await OpenAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await log.AppendAsync([Record(0, "a")], new CancellationToken(canceled: true))
        );
    }

    [Fact]
    public async Task A_partition_that_the_log_does_not_have_is_refused()
    {
        await using var log = await OpenAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () =>
            await log.AppendAsync(Record(0, "a"), Record(log.Identity.Partitions, "b"))
        );
        Assert.Equal(new OffsetRange(0, 0), await log.RangeAsync(0, CancellationToken.None));
    }

    [Fact]
    public async Task The_callers_buffer_can_be_used_again_after_an_append()
    {
        await using var log = await OpenAsync();
        var buffer = Encoding.UTF8.GetBytes("before");
        await log.AppendAsync(new NewRecord(0, Start, buffer, buffer));
        Encoding.UTF8.GetBytes("after!", buffer);
        Assert.Equal(["before"], await log.ReadTextsAsync(0));
    }

    [Fact]
    public async Task Concurrent_callers_keep_their_order_and_lose_nothing()
    {
        await using var log = await OpenAsync();
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(caller =>
                    Task.Run(async () =>
                    {
                        for (var i = 0; i < 50; i++)
                            await log.AppendAsync(Record(0, $"{caller}:{2 * i}"), Record(0, $"{caller}:{2 * i + 1}"));
                    })
                )
        );
        var read = await log.ReadAllAsync(0);
        Assert.Equal(Enumerable.Range(0, 800).Select(i => (long)i), read.Select(r => r.Offset));
        foreach (var caller in Enumerable.Range(0, 8))
            Assert.Equal(
                Enumerable.Range(0, 100).Select(i => $"{caller}:{i}"),
                read.Select(r => r.Text()).Where(text => text.StartsWith($"{caller}:"))
            );
    }

    [Fact]
    public async Task Reading_begins_and_ends_where_it_was_told()
    {
        await using var log = await OpenAsync();
        await log.AppendAsync(Numbered(0, 10));
        var read = new List<string>();
        await foreach (var records in log.ReadAsync(0, 7, CancellationToken.None))
        {
            if (read.Count == 0)
                await log.AppendAsync(Numbered(0, 5, from: 10));
            read.AddRange(records.ToArray().Select(r => r.Text()));
        }
        Assert.Equal(["7", "8", "9"], read);
        Assert.Empty(await log.ReadAllAsync(0, from: 15));
        Assert.Empty(await log.ReadAllAsync(0, from: 99));
    }

    [Fact]
    public async Task Many_records_of_every_size_are_read_back()
    {
        await using var log = await OpenAsync();
        var values = Enumerable
            .Range(0, 6_000)
            .Select(i => new string((char)('a' + i % 26), i % 97 == 0 ? 16_000 : i % 300));
        var records = values.Select((value, i) => Record(1, value, Start + i)).ToArray();
        foreach (var chunk in records.Chunk(1_000))
            await log.AppendAsync(chunk);
        var read = await log.ReadAllAsync(1);
        Assert.Equal(records.Select(r => Encoding.UTF8.GetString(r.Value.Span)), read.Select(r => r.Text()));
        Assert.Equal(records.Select(r => r.AcceptedAt), read.Select(r => r.AcceptedAt));
    }

    [Fact]
    public async Task An_offset_is_found_by_its_acceptance_time()
    {
        await using var log = await OpenAsync();
        foreach (var at in new[] { 10, 20, 20, 15, 30 })
            await log.AppendAsync(Record(0, "x", Start + at));
        Assert.Equal(0, await log.FindOffsetAsync(0, Start, CancellationToken.None));
        Assert.Equal(0, await log.FindOffsetAsync(0, Start + 10, CancellationToken.None));
        Assert.Equal(1, await log.FindOffsetAsync(0, Start + 11, CancellationToken.None));
        Assert.Equal(1, await log.FindOffsetAsync(0, Start + 20, CancellationToken.None));
        Assert.Equal(4, await log.FindOffsetAsync(0, Start + 21, CancellationToken.None));
        Assert.Equal(5, await log.FindOffsetAsync(0, Start + 31, CancellationToken.None));
    }

    [Fact]
    public async Task A_log_opened_again_goes_on_where_it_ended()
    {
        LogIdentity identity;
        await using (var log = await OpenAsync())
        {
            identity = log.Identity;
            await log.AppendAsync(Numbered(1, 3));
            log.Commit(1, 2);
        }
        await using var again = await OpenAsync();
        Assert.Equal(identity, again.Identity);
        await again.AppendAsync(Record(1, "3"));
        Assert.Equal(["0", "1", "2", "3"], await again.ReadTextsAsync(1));
    }

    [Fact]
    public async Task Dead_letters_are_kept_with_their_reason_and_bytes()
    {
        DeadLetter[] letters =
        [
            new(1, 7, Start, "no user", new byte[] { 0, 255, 1 }),
            new(0, 3, Start + 1, "“time”", default),
        ];
        await using (var log = await OpenAsync())
            await log.AppendDeadLettersAsync(letters, CancellationToken.None);
        await using var again = await OpenAsync();
        var read = await again.ReadLettersAsync();
        Assert.Equal(letters.Select(l => l with { Value = default }), read.Select(l => l with { Value = default }));
        Assert.Equal(letters.Select(l => l.Value.ToArray()), read.Select(l => l.Value.ToArray()));
    }

    [Fact]
    public async Task The_settings_can_be_checked()
    {
        await using var log = await OpenAsync();
        Assert.All(await log.CheckSettingsAsync(CancellationToken.None), finding => Assert.EndsWith(".", finding));
    }
}
