using System.Text;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;
using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>The rules that make “the offset is the version” true, each broken on purpose.</summary>
public sealed class GuaranteeTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_log_that_was_made_anew_is_refused_until_a_generation_is_opened()
    {
        await FoldAsync(new TestEvent("a", "u1", "c1"));
        _folder.Copy("log.db", "old.db");
        _folder.Delete("log.db");
        var error = await Assert.ThrowsAsync<StoreMismatchException>(() => Pipeline.StartAsync(_folder));
        Assert.Contains("open a new generation", error.Message);

        await using (var closed = Pipeline.Open(_folder))
            await GenerationOpener.OpenAsync(closed.Store, closed.Log, null, abandonOld: true, CancellationToken.None);
        await using var second = await Pipeline.StartAsync(_folder);
        await second.AppendAsync(new TestEvent("b", "u1", "c2", "click", 1));
        await second.SettleAsync();
        Assert.Equal(["c1", "c2"], await second.HistoryAsync("u1"));
        Assert.Equal(LogVersion.At(2, 0).Value, (await second.SessionAsync("u1")).Version);
    }

    [Fact]
    public async Task What_was_written_in_the_generation_before_is_reflected_before_the_new_log_has_a_record()
    {
        await FoldAsync(new TestEvent("a", "u1", "c1"));
        _folder.Delete("log.db");
        await using (var closed = Pipeline.Open(_folder))
            await GenerationOpener.OpenAsync(closed.Store, closed.Log, null, abandonOld: true, CancellationToken.None);
        await using var second = await Pipeline.StartAsync(_folder);
        var session = await second.Host.GetSessionAsync("u1", LogVersion.At(1, 0), CancellationToken.None);
        Assert.Equal((1, LogVersion.At(1, 0).Value), (session.Applied, session.Version));
    }

    [Fact]
    public async Task A_generation_with_more_partitions_continues_every_session()
    {
        await FoldAsync([.. Enumerable.Range(0, 50).Select(i => new TestEvent($"a{i}", $"u{i}", "c1", "enroll"))]);
        _folder.Copy("log.db", "old.db");
        _folder.Delete("log.db");
        await using (var closed = Pipeline.Open(_folder, partitions: 5))
        {
            var refused = await Assert.ThrowsAsync<GenerationException>(() =>
                GenerationOpener.OpenAsync(closed.Store, closed.Log, null, abandonOld: false, CancellationToken.None)
            );
            Assert.Contains("is not here", refused.Message);
            await GenerationOpener.OpenAsync(closed.Store, closed.Log, null, abandonOld: true, CancellationToken.None);
        }
        await using var second = await Pipeline.StartAsync(_folder, partitions: 5);
        await second.AppendAsync([
            .. Enumerable.Range(0, 50).Select(i => new TestEvent($"b{i}", $"u{i}", "c2", "enroll", 1)),
        ]);
        await second.SettleAsync();
        for (var user = 0; user < 50; user++)
            Assert.Equal(["c1", "c2"], await second.HistoryAsync($"u{user}"));
    }

    [Fact]
    public async Task A_generation_on_a_log_that_holds_what_was_folded_is_refused()
    {
        var folded = new TestEvent("a", "u1", "c1");
        await FoldAsync(folded);
        _folder.Delete("log.db");
        await using var closed = Pipeline.Open(_folder);
        await closed.AppendAsync(folded);
        var refused = await Assert.ThrowsAsync<GenerationException>(() =>
            GenerationOpener.OpenAsync(closed.Store, closed.Log, null, abandonOld: true, CancellationToken.None)
        );
        Assert.Contains("holds event a at offset 0, which generation 1 has folded", refused.Message);
    }

    [Fact]
    public async Task A_log_that_was_cut_and_grew_again_stops_the_partition()
    {
        await FoldAsync(new TestEvent("a", "u1", "c1"));
        _folder.Copy("log.db", "backup.db");
        await FoldAsync(new TestEvent("b", "u1", "c2"));
        _folder.Delete("log.db");
        _folder.Copy("backup.db", "log.db");
        await using (var closed = Pipeline.Open(_folder))
            await closed.AppendAsync(new TestEvent("other", "u1", "c3"));
        await AssertStopsAsync("u1", "at offset 1 the log holds event other, the store has folded b");
    }

    [Fact]
    public async Task A_log_that_ends_before_the_checkpoint_stops_the_partition()
    {
        await FoldAsync(new TestEvent("a", "u1", "c1"));
        _folder.Copy("log.db", "backup.db");
        await FoldAsync(new TestEvent("b", "u1", "c2"));
        _folder.Delete("log.db");
        _folder.Copy("backup.db", "log.db");
        await AssertStopsAsync("u1", "the store has folded offset 1, the log ends at offset 0");
    }

    [Fact]
    public async Task Other_fold_rules_are_refused()
    {
        await using (var first = await Pipeline.StartAsync(_folder))
            await first.SettleAsync();
        var other = new SessionHostOptions { Rules = new FoldRules { HistoryLength = 20 } };
        var error = await Assert.ThrowsAsync<StoreMismatchException>(() => Pipeline.StartAsync(_folder, other));
        Assert.Contains("\"historyLength\":50", error.Message);
    }

    [Fact]
    public async Task A_misrouted_record_is_forwarded_to_its_users_partition_once()
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        var e = new TestEvent("a", "u1", "c1");
        var elsewhere = 1 - Partitioner.PartitionOf("u1", 2);
        await pipeline.AppendAsync(elsewhere, "u1", e.ToJson());
        await Eventually.HoldsAsync(
            () => pipeline.SessionAsync("u1").Result.Applied == 1,
            () => string.Join("; ", pipeline.Host.Shards)
        );
        await pipeline.AppendAsync(elsewhere, "u1", InteractionJson.WithOrigin(e.ToJson(), new RecordOrigin(1, 0, 7)));
        await pipeline.SettleAsync();
        var dead = Assert.Single(await DeadLettersAsync(pipeline));
        Assert.StartsWith("it was forwarded to partition", dead.Reason);
        Assert.Equal(1, (await pipeline.SessionAsync("u1")).Applied);
    }

    [Fact]
    public async Task A_bad_record_is_put_aside_with_its_reason_and_the_partition_flows_on()
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        var home = Partitioner.PartitionOf("u1", 2);
        await pipeline.AppendAsync(new TestEvent("a", "u1", "c1"));
        await pipeline.AppendAsync(home, "u1", "{\"id\":\"x\",\"user\":7}"u8.ToArray());
        await pipeline.AppendAsync(home, "u1", [0xff, 0x00]);
        await pipeline.AppendAsync(new TestEvent("b", "u1", "c2"));
        await pipeline.SettleAsync();
        Assert.Equal(["c1", "c2"], await pipeline.HistoryAsync("u1"));
        var dead = await DeadLettersAsync(pipeline);
        Assert.Equal([1L, 2L], dead.Select(letter => letter.Offset));
        Assert.StartsWith("user: ", dead[0].Reason);
        Assert.Equal("{\"id\":\"x\",\"user\":7}", Encoding.UTF8.GetString(dead[0].Value.Span));
    }

    [Fact]
    public async Task An_erased_user_leaves_a_marker_and_nothing_brings_the_old_events_back()
    {
        await using (var pipeline = await Pipeline.StartAsync(_folder))
        {
            await pipeline.AppendAsync(new TestEvent("a", "u1", "c1"), new TestEvent("b", "u2", "c1"));
            await pipeline.AppendAsync(
                Partitioner.PartitionOf("u1", 2),
                "u1",
                InteractionJson.Erasure("u1", "erase-1", Pipeline.Start.AddSeconds(10).ToUnixTimeMilliseconds())
            );
            await pipeline.AppendAsync(new TestEvent("a2", "u1", "c1", "click", 9));
            await pipeline.SettleAsync();
            Assert.Equal(0, (await pipeline.SessionAsync("u1")).Applied);
        }
        await using var again = await Pipeline.StartAsync(_folder);
        await again.SettleAsync();
        Assert.Equal(0, (await again.SessionAsync("u1")).Applied);
        Assert.Equal(1, (await again.SessionAsync("u2")).Applied);
        Assert.DoesNotContain("u1", await again.Store.ListSessionsAsync(default).Select(s => s.User).ToListAsync());
        Assert.Empty(await again.Store.ListInteractionsAsync("u1", default).ToListAsync());
        await again.AppendAsync(new TestEvent("c", "u1", "c9", "click", 11));
        await again.SettleAsync();
        Assert.Equal(["c9"], await again.HistoryAsync("u1"));
    }

    [Fact]
    public async Task Shared_counters_and_judgements_count_every_event_once_over_restarts()
    {
        var events = Enumerable
            .Range(0, 600)
            .Select(i => new TestEvent($"e{i}", $"u{i % 40}", $"c{i * 7 % 23}", "enroll", i))
            .ToArray();
        using var straight = new DataFolder();
        var expected = await RunAsync(straight, [events]);
        var actual = await RunAsync(_folder, [.. events.Chunk(100)]);
        Assert.Equal(expected.Popular, actual.Popular);
        Assert.Equal(expected.Judged, actual.Judged);
    }

    [Fact]
    public async Task A_store_that_takes_nothing_pauses_the_partition_and_nothing_is_lost()
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        await pipeline.SettleAsync();
        var away = StoreFile.Lock(_folder);
        await pipeline.AppendAsync([.. Enumerable.Range(0, 500).Select(i => new TestEvent($"e{i}", $"u{i}", "c1"))]);
        await Eventually.HoldsAsync(
            () => pipeline.Host.Shards.Sum(shard => shard.Applied) == 500,
            () => string.Join("; ", pipeline.Host.Shards)
        );
        Assert.True(pipeline.Host.Shards.Sum(shard => shard.Stored) < 500);
        away.Dispose();
        await pipeline.SettleAsync();
        for (var user = 0; user < 500; user++)
            Assert.Equal(1, (await pipeline.SessionAsync($"u{user}")).Applied);
    }

    [Fact]
    public async Task Verification_finds_a_session_that_is_not_what_the_log_says()
    {
        await FoldAsync([.. Enumerable.Range(0, 50).Select(i => new TestEvent($"e{i}", $"u{i}", "c1"))]);
        StoreFile.Run(_folder, "DELETE FROM session WHERE user = 'u7'");
        await using var closed = Pipeline.Open(_folder);
        var report = await new SessionVerifier(closed.Log, closed.Store, new FoldRules(), closed.Courses).VerifyAsync(
            null,
            CancellationToken.None
        );
        Assert.Equal((50, 1), (report.Compared, report.Different));
        Assert.Equal(
            new SessionDifference("u7", "is not stored, the log has 1 events of it"),
            Assert.Single(report.Differences)
        );
    }

    private async Task FoldAsync(params TestEvent[] events)
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        await pipeline.AppendAsync(events);
        await pipeline.SettleAsync();
    }

    private static async Task<(string Popular, string Judged)> RunAsync(DataFolder folder, TestEvent[][] lives)
    {
        foreach (var events in lives)
        {
            await using var pipeline = await Pipeline.StartAsync(folder);
            await pipeline.AppendAsync(events);
            await pipeline.SettleAsync();
        }
        // A snapshot that shows the last event was built over both partitions, restored.
        await using var last = await Pipeline.StartAsync(folder);
        await last.SettleAsync();
        await last.AppendAsync(new TestEvent("last", "u0", "last", "enroll", 1000));
        await Eventually.HoldsAsync(
            () => last.Host.Popular(24).Any(item => item is { Course: "last", Score: > 0 }),
            () => string.Join(' ', last.Host.Popular(24))
        );
        var popular = string.Join(' ', last.Host.Popular(24).Select(item => $"{item.Course}:{item.Score:g5}").Order());
        return (popular, string.Join(' ', last.Host.QualityEver.Select(quality => $"{quality.Name}:{quality.Events}")));
    }

    private static async Task<List<DeadLetter>> DeadLettersAsync(Pipeline pipeline) =>
        await pipeline.Log.ReadDeadLettersAsync(CancellationToken.None).ToListAsync();

    private async Task AssertStopsAsync(string user, string finding)
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        var partition = Partitioner.PartitionOf(user, 2);
        PartitionStatus? Status() => pipeline.Host.Shards.SingleOrDefault(shard => shard.Partition == partition);
        await Eventually.HoldsAsync(() => Status()?.State == PartitionState.Stopped, Status);
        Assert.Contains(finding, Status()!.Problem);
        await Assert.ThrowsAsync<NotOwnedException>(() => pipeline.SessionAsync(user));
    }
}
