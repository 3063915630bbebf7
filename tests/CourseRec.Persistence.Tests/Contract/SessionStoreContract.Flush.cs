using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Models.Interactions;
using static CourseRec.Persistence.Tests.Contract.Make;

namespace CourseRec.Persistence.Tests.Contract;

public abstract partial class SessionStoreContract
{
    [Fact]
    public async Task A_new_partition_has_no_checkpoint_and_no_counters()
    {
        var partition = await Store.LoadPartitionAsync(3, default);
        Assert.Null(partition.Checkpoint);
        Assert.Empty(partition.Counters);
    }

    [Fact]
    public async Task A_flush_is_read_back_whole_after_reopening()
    {
        await Store.FlushAsync(
            new PartitionFlush(0, Checkpoint(12), Change(12, "counted"), [Session("anna", 11, "state", 9, 11)]),
            default
        );
        await ReopenAsync();
        var partition = await Store.LoadPartitionAsync(0, default);
        Assert.Equal(Checkpoint(12), partition.Checkpoint);
        Assert.Equal("+12:counted", await CountersAsync());
        Assert.Equal("11: state", await ShowAsync("anna"));
        Assert.Equal([9, 11], await OffsetsAsync("anna"));
    }

    [Fact]
    public async Task An_interaction_keeps_every_field()
    {
        var time = DateTimeOffset.Parse("1990-01-01T00:00:00Z").ToUnixTimeMilliseconds();
        var rated = new StoredInteraction(V(5), "01J-é", "course/ü", InteractionType.Rate, 4.5, time);
        var viewed = new StoredInteraction(V(6), "01K", "c", InteractionType.View, double.NaN, -1);
        var write = new SessionWrite("anna", V(6), Bytes("s"), [rated, viewed], null);
        await FlushAsync(6, write);
        Assert.Equal([rated, viewed], await Store.ListInteractionsAsync("anna", default).ToListAsync());
    }

    [Fact]
    public async Task Interactions_of_many_flushes_are_listed_by_version()
    {
        for (var offset = 1; offset <= 400; offset++)
            await FlushAsync(
                offset,
                Session("anna", offset, "s", offset),
                Session($"other-{offset}", offset, "s", offset)
            );
        Assert.Equal(Enumerable.Range(1, 400).Select(i => (long)i), await OffsetsAsync("anna"));
    }

    [Fact]
    public async Task Sessions_are_loaded_in_the_order_asked_with_null_for_unknown_users()
    {
        await FlushAsync(3, Session("anna", 1, "a"), Session("bert", 2, "b"), Session("cleo", 3, "c"));
        var found = await Store.LoadSessionsAsync(["cleo", "nobody", "anna", "cleo"], default);
        Assert.Equal(["cleo", null, "anna", "cleo"], found.Select(s => s?.User));
        Assert.Empty(await Store.LoadSessionsAsync([], default));
        Assert.Empty(await OffsetsAsync("nobody"));
    }

    [Fact]
    public async Task A_session_never_erased_has_no_erasure()
    {
        await FlushAsync(1, Session("anna", 1, "a"));
        Assert.Null((await LoadAsync("anna"))!.Erasure);
    }

    [Fact]
    public async Task A_newer_write_replaces_a_session()
    {
        await FlushAsync(1, Session("anna", 1, "old and longer", 1));
        await FlushAsync(2, Session("anna", 2, "new", 2));
        Assert.Equal("2: new", await ShowAsync("anna"));
        Assert.Equal([1, 2], await OffsetsAsync("anna"));
    }

    [Fact]
    public async Task An_older_write_loses()
    {
        await FlushAsync(7, Session("anna", 7, "new", 5, 7));
        await FlushAsync(7, Session("anna", 5, "old", 5));
        Assert.Equal("7: new", await ShowAsync("anna"));
        Assert.Equal([5, 7], await OffsetsAsync("anna"));
    }

    [Fact]
    public async Task A_newer_generation_wins_over_any_offset()
    {
        await FlushAsync(900, Session("anna", 900, "old"));
        var write = new SessionWrite("anna", LogVersion.At(2, 0), Bytes("new"), [], null);
        await Store.FlushAsync(new PartitionFlush(0, new(LogVersion.At(2, 0), "e", 1), null, [write]), default);
        Assert.Equal("0: new", await ShowAsync("anna"));
        Assert.Equal(LogVersion.At(2, 0), (await Store.LoadPartitionAsync(0, default)).Checkpoint!.Version);
    }

    [Fact]
    public async Task The_same_flush_twice_is_the_flush_once()
    {
        var flush = new PartitionFlush(0, Checkpoint(4), Change(4, "c"), [Session("anna", 4, "s", 2, 4)]);
        await Store.FlushAsync(flush, default);
        await Store.FlushAsync(flush, default);
        Assert.Equal("+4:c", await CountersAsync());
        Assert.Equal("4: s", await ShowAsync("anna"));
        Assert.Equal([2, 4], await OffsetsAsync("anna"));
    }

    [Fact]
    public async Task A_writer_that_lost_its_partition_does_no_harm()
    {
        await FlushAsync(2, Session("anna", 1, "at 1", 1), Session("bert", 2, "at 2", 2));
        await FlushAsync(9, Session("anna", 9, "at 9", 6, 9));
        await FlushAsync(
            6,
            Session("anna", 6, "at 6", 6),
            Session("bert", 5, "at 5", 5),
            Session("cleo", 4, "at 4", 4)
        );
        Assert.Equal("9: at 9", await ShowAsync("anna"));
        Assert.Equal("5: at 5", await ShowAsync("bert"));
        Assert.Equal("4: at 4", await ShowAsync("cleo"));
        Assert.Equal([1, 6, 9], await OffsetsAsync("anna"));
        Assert.Equal(Checkpoint(9), (await Store.LoadPartitionAsync(0, default)).Checkpoint);
    }

    [Fact]
    public async Task A_checkpoint_moves_without_sessions_and_never_back()
    {
        await FlushAsync(5);
        await FlushAsync(3);
        Assert.Equal(Checkpoint(5), (await Store.LoadPartitionAsync(0, default)).Checkpoint);
    }

    [Fact]
    public async Task A_session_is_found_and_continued_after_the_partition_count_changed()
    {
        await Store.FlushAsync(new(3, Checkpoint(900), null, [Session("anna", 900, "old", 700, 900)]), default);
        var at = LogVersion.At(2, 5);
        var write = new SessionWrite("anna", at, Bytes("new"), [Interaction(0) with { Version = at }], null);
        await Store.FlushAsync(new(1, new(at, "e", 1), null, [write]), default);
        Assert.Equal("5: new", await ShowAsync("anna"));
        Assert.Equal([700, 900, 5], await OffsetsAsync("anna"));
        Assert.Single(await Store.ListSessionsAsync(default).ToListAsync());
    }

    [Fact]
    public async Task Two_partitions_users_do_not_disturb_each_other()
    {
        await Store.FlushAsync(new(1, Checkpoint(8), Change(8, "one"), [Session("anna", 8, "one", 8)]), default);
        await Store.FlushAsync(new(2, Checkpoint(3), Snapshot(3, "two"), [Session("bert", 3, "two", 3)]), default);
        Assert.Equal("8: one", await ShowAsync("anna"));
        Assert.Equal("3: two", await ShowAsync("bert"));
        Assert.Equal([8], await OffsetsAsync("anna"));
        Assert.Equal([3], await OffsetsAsync("bert"));
        Assert.Equal("+8:one", await CountersAsync(1));
        Assert.Equal("=3:two", await CountersAsync(2));
        Assert.Equal(Checkpoint(3), (await Store.LoadPartitionAsync(2, default)).Checkpoint);
    }

    [Fact]
    public async Task Partitions_flushed_and_read_side_by_side_keep_their_own()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(p => Task.Run(() => RunPartitionAsync(p))));
        for (var partition = 0; partition < 8; partition++)
        {
            Assert.Equal(Checkpoint(20), (await Store.LoadPartitionAsync(partition, default)).Checkpoint);
            Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), await OffsetsAsync($"p{partition} u3"));
        }
    }

    private async Task RunPartitionAsync(int partition)
    {
        for (var offset = 1; offset <= 20; offset++)
        {
            var sessions = Enumerable
                .Range(0, 10)
                .Select(u => Session($"p{partition} u{u}", offset, $"{partition}", offset));
            await Store.FlushAsync(new(partition, Checkpoint(offset), null, [.. sessions]), default);
            Assert.Equal($"{offset}: {partition}", await ShowAsync($"p{partition} u9"));
        }
    }

    [Fact]
    public async Task Counter_changes_are_read_in_order_after_the_last_snapshot()
    {
        await Store.FlushAsync(new(0, Checkpoint(1), Change(1, "a"), []), default);
        await Store.FlushAsync(new(0, Checkpoint(2), Change(2, "b"), []), default);
        Assert.Equal("+1:a +2:b", await CountersAsync());
        await Store.FlushAsync(new(0, Checkpoint(3), Snapshot(3, "ab"), []), default);
        Assert.Equal("=3:ab", await CountersAsync());
        await Store.FlushAsync(new(0, Checkpoint(4), Change(4, "d"), []), default);
        await Store.FlushAsync(new(0, Checkpoint(5), null, []), default);
        Assert.Equal("=3:ab +4:d", await CountersAsync());
        await Store.FlushAsync(new(0, Checkpoint(6), Snapshot(6, "abd"), []), default);
        Assert.Equal("=6:abd", await CountersAsync());
    }

    [Fact]
    public async Task A_change_is_kept_beside_newer_ones_with_what_it_follows()
    {
        await Store.FlushAsync(new(0, Checkpoint(4), Change(4, "a"), []), default);
        await Store.FlushAsync(new(0, Checkpoint(10), Change(10, "d") with { Since = V(8) }, []), default);
        await Store.FlushAsync(new(0, Checkpoint(8), Change(8, "late") with { Since = V(4) }, []), default);
        Assert.Equal("+4:a +8:late +10:d", await CountersAsync());
        var since = (await Store.LoadPartitionAsync(0, default)).Counters.Select(c => c.Since);
        Assert.Equal([LogVersion.None, V(4), V(8)], since);
    }

    [Fact]
    public async Task A_late_snapshot_leaves_what_is_newer_alone()
    {
        await Store.FlushAsync(new(0, Checkpoint(6), Change(6, "c"), []), default);
        await Store.FlushAsync(new(0, Checkpoint(10), Snapshot(10, "all"), []), default);
        await Store.FlushAsync(new(0, Checkpoint(8), Change(8, "late"), []), default);
        await Store.FlushAsync(new(0, Checkpoint(9), Snapshot(9, "late"), []), default);
        Assert.Equal("=9:late =10:all", await CountersAsync());
    }

    [Fact]
    public async Task Of_two_changes_of_one_version_the_first_stands()
    {
        await Store.FlushAsync(new(0, Checkpoint(4), Change(4, "first"), []), default);
        await Store.FlushAsync(new(0, Checkpoint(4), Change(4, "second"), []), default);
        Assert.Equal("+4:first", await CountersAsync());
        await Store.FlushAsync(new(0, Checkpoint(5), Snapshot(5, "all"), []), default);
        await Store.FlushAsync(new(0, Checkpoint(5), Change(5, "late"), []), default);
        Assert.Equal("=5:all", await CountersAsync());
    }

    [Fact]
    public async Task Counters_are_followed_from_a_version_on()
    {
        Assert.Equal("", await NewerAsync(LogVersion.None));
        await Store.FlushAsync(new(0, Checkpoint(1), Change(1, "a"), []), default);
        await Store.FlushAsync(new(1, Checkpoint(9), Change(9, "another partition's"), []), default);
        await Store.FlushAsync(new(0, Checkpoint(2), Change(2, "b") with { Since = V(1) }, []), default);
        Assert.Equal("+1:a +2:b", await NewerAsync(LogVersion.None));
        Assert.Equal("+2:b", await NewerAsync(V(1)));
        Assert.Equal("", await NewerAsync(V(2)));
        await Store.FlushAsync(new(0, Checkpoint(3), Snapshot(3, "abc") with { Since = V(2) }, []), default);
        await Store.FlushAsync(new(0, Checkpoint(4), Change(4, "d") with { Since = V(3) }, []), default);
        Assert.Equal("=3:abc +4:d", await NewerAsync(V(1)));
        Assert.Equal("+4:d", await NewerAsync(V(3)));
        Assert.Equal([V(2), V(3)], (await Store.LoadCountersAsync(0, V(2), default)).Select(c => c.Since));
    }

    [Fact]
    public async Task Who_follows_a_partitions_counters_is_not_in_the_way_of_its_writer()
    {
        await using var reader = await OpenAsync();
        for (var offset = 1; offset <= 40; offset++)
        {
            var change = offset % 10 == 0 ? Snapshot(offset, "all") : Change(offset, "c");
            await Store.FlushAsync(new(0, Checkpoint(offset), change with { Since = V(offset - 1) }, []), default);
            Assert.Equal(
                change.Version,
                Assert.Single(await reader.LoadCountersAsync(0, V(offset - 1), default)).Version
            );
        }
        Assert.Equal("=40:all", await CountersAsync());
    }

    [Fact]
    public async Task A_snapshot_replaces_the_change_of_its_own_version()
    {
        await Store.FlushAsync(new(0, Checkpoint(4), Change(4, "d"), []), default);
        await Store.FlushAsync(new(0, Checkpoint(4), Snapshot(4, "all"), []), default);
        Assert.Equal("=4:all", await CountersAsync());
    }
}
