using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;
using CourseRec.Actors.Sessions;
using CourseRec.Actors.Tests.Push;

namespace CourseRec.Actors.Tests.Partitions;

public sealed class SessionHostTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_accepted_event_is_in_its_users_session()
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        await pipeline.AppendAsync(new TestEvent("a", "u1", "c1"), new TestEvent("b", "u1", "c2", "enroll", 5));
        await pipeline.SettleAsync();
        var session = await pipeline.SessionAsync("u1");
        Assert.Equal(2, session.Applied);
        Assert.Equal(["c1", "c2"], session.History.Select(entry => entry.Course));
        Assert.Equal(Pipeline.Start.AddSeconds(5), session.History[1].Time);
        Assert.Equal(LogVersion.At(1, session.Offset).Value, session.Version);
    }

    [Fact]
    public async Task An_unknown_user_has_an_empty_session()
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        await pipeline.SettleAsync();
        var session = await pipeline.SessionAsync("nobody");
        Assert.Equal((-1, 0, 0), (session.Offset, session.Applied, session.History.Count));
    }

    [Fact]
    public async Task Sessions_survive_a_restart_and_replayed_records_are_skipped()
    {
        await using (var first = await Pipeline.StartAsync(_folder))
            await first.AppendAsync([
                .. Enumerable.Range(0, 30).Select(i => new TestEvent($"e{i}", "u1", $"c{i}", "click", i)),
            ]);
        await using var second = await Pipeline.StartAsync(_folder);
        await second.AppendAsync(new TestEvent("last", "u1", "c30", "click", 30));
        await second.SettleAsync();
        Assert.Equal(31, (await second.SessionAsync("u1")).Applied);
        Assert.Equal(Enumerable.Range(0, 31).Select(i => $"c{i}"), await second.HistoryAsync("u1"));
    }

    [Fact]
    public async Task Stopping_stores_everything_that_was_read()
    {
        var lazy = new SessionHostOptions { FlushInterval = TimeSpan.FromHours(1) };
        await using (var pipeline = await Pipeline.StartAsync(_folder, lazy))
        {
            await pipeline.AppendAsync(new TestEvent("a", "u1", "c1"));
            await Eventually.HoldsAsync(
                () => pipeline.Host.Shards.Sum(shard => shard.Applied) == 1,
                () => pipeline.Host.Shards
            );
        }
        await using var closed = Pipeline.Open(_folder);
        var report = await new SessionVerifier(closed.Log, closed.Store, new FoldRules(), closed.Courses).VerifyAsync(
            "u1",
            CancellationToken.None
        );
        Assert.Equal((1, 0), (report.Compared, report.Different));
    }

    [Fact]
    public async Task Idle_sessions_leave_memory_and_come_back_whole()
    {
        var small = new SessionHostOptions { FlushInterval = TimeSpan.FromMilliseconds(10), MaxResidentSessions = 20 };
        await using var pipeline = await Pipeline.StartAsync(_folder, small);
        for (var round = 0; round < 5; round++)
        {
            await pipeline.AppendAsync([
                .. Enumerable
                    .Range(0, 200)
                    .Select(u => new TestEvent($"e{u}-{round}", $"u{u}", $"c{round}", "click", round)),
            ]);
        }
        await pipeline.SettleAsync();
        await Eventually.HoldsAsync(
            () => pipeline.Host.Shards.Sum(shard => shard.Resident) <= 20,
            () => string.Join(", ", pipeline.Host.Shards)
        );
        for (var user = 0; user < 200; user++)
            Assert.Equal(["c0", "c1", "c2", "c3", "c4"], await pipeline.HistoryAsync($"u{user}"));
    }

    [Fact]
    public async Task A_watcher_gets_its_list_at_once_and_again_after_an_event_and_offsets_never_go_back()
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        await pipeline.AppendAsync([
            .. Enumerable.Range(0, 40).Select(i => new TestEvent($"e{i}", $"u{i}", $"c{i % 5}")),
        ]);
        await pipeline.SettleAsync();
        await Eventually.HoldsAsync(() => pipeline.Host.Popular(5).Count == 5, () => pipeline.Host.Popular(5).Count);
        var channel = new TestChannel();
        using var connection = await pipeline.Host.ConnectAsync("watched", channel);
        await connection.SubscribeAsync(3, CancellationToken.None);
        await Eventually.HoldsAsync(() => channel.Offset == -1, () => channel.Last);
        Assert.Equal(3, channel.Lists.Single().Items.Count);
        await pipeline.AppendAsync(new TestEvent("take", "watched", "c2", "enroll"));
        await Eventually.HoldsAsync(() => channel.Offset >= 0, () => channel.Last);
        Assert.DoesNotContain("c2", channel.Last!.Items.Select(item => item.Course));
        Assert.Equal(channel.Lists.Select(list => list.Offset).Order(), channel.Lists.Select(list => list.Offset));
    }

    [Fact]
    public async Task A_list_names_the_course_that_it_is_there_for()
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        foreach (var user in Enumerable.Range(0, 30))
        {
            await pipeline.AppendAsync(
                new TestEvent($"a{user}", $"u{user}", "algebra", "enroll"),
                new TestEvent($"b{user}", $"u{user}", "calculus", "enroll", 1)
            );
        }
        await pipeline.AppendAsync(new TestEvent("x", "new", "algebra", "enroll"));
        await pipeline.SettleAsync();
        RecommendationList? list = null;
        await Eventually.HoldsAsync(
            () =>
            {
                list = pipeline.Host.GetRecommendationsAsync("new", 1, LogVersion.None, default).Result;
                return list.Items.Count == 1 && list.Items[0].Reason.Kind == "history";
            },
            () => list
        );
        Assert.Equal(("calculus", "algebra"), (list!.Items[0].Course, list.Items[0].Reason.Course));
    }

    [Fact]
    public async Task Reads_are_refused_once_the_partitions_are_released()
    {
        var pipeline = await Pipeline.StartAsync(_folder);
        await pipeline.SettleAsync();
        await pipeline.Host.StopAsync(CancellationToken.None);
        await Assert.ThrowsAsync<NotOwnedException>(() => pipeline.SessionAsync("u1"));
        await pipeline.DisposeAsync();
    }

    [Fact]
    public async Task Connections_that_are_gone_before_their_watch_has_begun_watch_nothing()
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        await pipeline.SettleAsync();
        using var gone = new CancellationTokenSource();
        var watches = Enumerable.Range(0, 200).Select(i => WatchAsync(pipeline, $"u{i}", gone.Token)).ToList();
        await gone.CancelAsync();
        await Task.WhenAll(watches);
        await pipeline.AppendAsync([.. Enumerable.Range(0, 200).Select(i => new TestEvent($"e{i}", $"u{i}", "c1"))]);
        await pipeline.SettleAsync();
        await Eventually.HoldsAsync(
            () => pipeline.Host.Shards.Sum(s => s.Watched) == 0,
            () => string.Join("; ", pipeline.Host.Shards)
        );
    }

    [Fact]
    public async Task A_client_that_lists_can_not_be_sent_to_does_no_harm_to_the_others()
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        await pipeline.SettleAsync();
        var (bad, good) = (new TestChannel(), new TestChannel());
        bad.Sending = Task.FromException(new InvalidOperationException("full"));
        using var first = await pipeline.Host.ConnectAsync("u1", bad);
        using var second = await pipeline.Host.ConnectAsync("u1", good);
        await first.SubscribeAsync(3, CancellationToken.None);
        await second.SubscribeAsync(3, CancellationToken.None);
        await pipeline.AppendAsync(new TestEvent("a", "u1", "c1"));
        await Eventually.HoldsAsync(() => good.Offset == 0, () => good.Last);
        await Eventually.HoldsAsync(() => bad.Failures.Count == 2, () => bad.Failures.Count);
    }

    [Fact]
    public async Task A_read_waits_until_what_its_asker_wrote_is_folded()
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        var written = await pipeline.Log.AppendAsync([new TestEvent("a", "u1", "c1").ToRecord(2)], default);
        var after = new LogVersion(pipeline.Host.VersionsOf(written).Single().Version);
        Assert.Equal(1, (await pipeline.Host.GetSessionAsync("u1", after, default)).Applied);
        var list = await pipeline.Host.GetRecommendationsAsync("u1", 3, after, default);
        Assert.Equal(0, list.Offset);
    }

    [Fact]
    public async Task An_answer_is_not_kept_by_who_gave_it()
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        var answer = await AnswerAsync(pipeline);
        await pipeline.SessionAsync("u2"); // Whoever passes all questions on keeps the last asker.
        await Eventually.HoldsAsync(
            () =>
            {
                GC.Collect();
                return !answer.IsAlive;
            },
            () => "it is"
        );

        static async Task<WeakReference> AnswerAsync(Pipeline pipeline) => new(await pipeline.SessionAsync("u1"));
    }

    [Fact]
    public async Task A_read_of_what_is_not_written_yet_is_refused_after_a_while()
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        await pipeline.SettleAsync();
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            pipeline.Host.GetSessionAsync("u1", LogVersion.At(1, 0), default)
        );
        Assert.Equal($"Version {LogVersion.At(1, 0).Value} is not folded yet; try again.", refused.Message);
    }

    [Fact]
    public async Task Disposing_does_not_wait_for_a_store_that_is_away()
    {
        var pipeline = await Pipeline.StartAsync(_folder);
        await pipeline.SettleAsync();
        var away = StoreFile.Lock(_folder);
        await pipeline.AppendAsync([.. Enumerable.Range(0, 500).Select(i => new TestEvent($"e{i}", $"u{i}", "c1"))]);
        await Eventually.HoldsAsync(
            () => pipeline.Host.Shards.Sum(s => s.Applied) == 500,
            () => string.Join("; ", pipeline.Host.Shards)
        );
        using var impatient = new CancellationTokenSource();
        var stopping = pipeline.Host.StopAsync(impatient.Token);
        await impatient.CancelAsync();
        await stopping;
        await pipeline.DisposeAsync();
        away.Dispose();
        await using var again = await Pipeline.StartAsync(_folder);
        await again.SettleAsync();
        Assert.Equal(1, (await again.SessionAsync("u7")).Applied);
    }

    [Fact]
    public async Task A_course_that_no_contender_knows_yet_is_judged_a_miss()
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        await pipeline.AppendAsync(new TestEvent("a", "u1", "c1"));
        await pipeline.SettleAsync();
        Assert.Equal(
            [new("instant", 1, 0, 0, 0), new("blend", 1, 0, 0, 0), new("popularity", 1, 0, 0, 0)],
            pipeline.Host.QualityEver
        );
    }

    /// <summary>A client that goes when its subscription has begun, or is cancelled.</summary>
    private static async Task WatchAsync(Pipeline pipeline, string user, CancellationToken gone)
    {
        using var connection = await pipeline.Host.ConnectAsync(user, new TestChannel());
        try
        {
            await connection.SubscribeAsync(3, gone);
        }
        catch (OperationCanceledException)
        {
            // The connection was gone before the watch stood.
        }
    }
}
