using System.Text;
using CourseRec.Actors.Intake;
using CourseRec.Actors.Learning;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;
using CourseRec.Actors.Tests.Push;
using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>What concerns one user only parks that user: nothing is lost, and the partition flows on.</summary>
public sealed class ParkingTests : IDisposable
{
    private const string User = "u1";
    private readonly DataFolder _folder = new();

    // Another user of the same partition.
    private static readonly string Neighbour = Enumerable
        .Range(2, 100)
        .Select(i => $"u{i}")
        .First(user => Partitioner.PartitionOf(user, 2) == Partitioner.PartitionOf(User, 2));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(
        "UPDATE session SET version = version + 1 WHERE user = 'u1'",
        "the row says version 1/2, the session inside 1/1"
    )]
    [InlineData(
        "UPDATE session SET version = 99 << 40 WHERE user = 'u1'",
        "the row says version 99/0, the session inside 1/1"
    )]
    [InlineData("UPDATE session SET blob = zeroblob(100) WHERE user = 'u1'", "the checksum does not match")]
    [InlineData("UPDATE session SET blob = x'00' WHERE user = 'u1'", "1 bytes can't be a session")]
    [InlineData(
        "UPDATE session SET (version, blob) = (SELECT version, blob FROM session WHERE user <> 'u1') WHERE user = 'u1'",
        "the checksum does not match"
    )]
    public async Task A_damaged_session_parks_its_user_until_it_is_mended_and_nothing_is_lost(
        string sql,
        string finding
    )
    {
        await FoldAsync(new("n1", Neighbour, "c1"), new("a1", User, "c1"));
        var backup = await StoredAsync(User);
        StoreFile.Run(_folder, sql);
        // In the log before the session is loaded: no version that the row might name is beyond its end.
        await LogAsync(new("a2", User, "c2", "click", 1), new("n2", Neighbour, "c2", "click", 1));

        await using (var pipeline = await Pipeline.StartAsync(_folder))
        {
            await pipeline.AppendAsync(new("a3", User, "c3", "click", 2), new("n3", Neighbour, "c3", "click", 2));
            await pipeline.SettleAsync();
            Assert.Equal(["c1", "c2", "c3"], await pipeline.HistoryAsync(Neighbour));
            var refused = await Assert.ThrowsAsync<UserParkedException>(() => pipeline.SessionAsync(User));
            Assert.Contains($"the stored session can't be read: {finding}", refused.Message);
            Assert.Equal(1, pipeline.Host.Shards.Sum(shard => shard.Parked));
            var letters = await DeadLettersAsync(pipeline);
            Assert.Equal(["a2", "a3"], letters.Select(IdOf));
            Assert.All(letters, letter => Assert.StartsWith("the user is parked from version ", letter.Reason));
            Assert.Equal((1, 1, 0), await VerifyAsync(pipeline));
        }

        StoreFile.Mend(_folder, backup);
        await using (var mended = await Pipeline.StartAsync(_folder))
        {
            await UnparkAsync(mended);
            await mended.AppendAsync(new TestEvent("a4", User, "c4", "click", 3));
            await ReplayAsync(mended);
            await mended.SettleAsync();
            Assert.Equal(["c1", "c2", "c3", "c4"], await mended.HistoryAsync(User));
            Assert.Equal(4, (await mended.SessionAsync(User)).Applied);
            Assert.Empty(await mended.Store.ListParkedAsync(default));
            Assert.Equal((2, 0, 0), await VerifyAsync(mended));
        }
        await using var again = await Pipeline.StartAsync(_folder);
        await again.SettleAsync();
        Assert.Equal(4, (await again.SessionAsync(User)).Applied);
    }

    [Fact]
    public async Task A_fold_that_throws_parks_its_user_and_each_event_is_applied_and_counted_once_in_the_end()
    {
        await using (var pipeline = await Pipeline.StartAsync(_folder, examples: new RefusingSink(User, atEvent: 2)))
        {
            await pipeline.AppendAsync([.. EventsOf(User), .. EventsOf(Neighbour)]);
            await pipeline.SettleAsync();
            Assert.Equal(5, (await pipeline.SessionAsync(Neighbour)).Applied);
            var parking = Assert.Single(await pipeline.Store.ListParkedAsync(default));
            Assert.Equal("folding failed: this one not", parking.Reason);
            Assert.Equal(4, (await DeadLettersAsync(pipeline)).Count);
            Assert.Equal(1, ViewOf((await StoredAsync(User, pipeline))!).Applied);
        }
        await using var mended = await Pipeline.StartAsync(_folder);
        await UnparkAsync(mended);
        await UnparkAsync(mended, ignoreNobody: true);
        await ReplayAsync(mended);
        await mended.SettleAsync();
        Assert.Equal(["c0", "c1", "c2", "c3", "c4"], await mended.HistoryAsync(User));
        Assert.Equal((2, 0, 0), await VerifyAsync(mended));
        await Eventually.HoldsAsync(
            () => mended.Host.Popular(9).Select(item => Math.Round(item.Score, 3)).Distinct().Count() == 1,
            () => string.Join(' ', mended.Host.Popular(9))
        );
    }

    [Fact]
    public async Task A_session_that_would_outgrow_its_bound_parks_its_user_and_an_erasure_begins_anew()
    {
        // As many courses as the rules may allow, with the longest ids, and then more origins than there is room for.
        var options = new SessionHostOptions
        {
            Rules = new FoldRules { HistoryLength = 1, TakenLimit = 667 },
            FlushInterval = TimeSpan.FromMilliseconds(20),
        };
        await using var pipeline = await Pipeline.StartAsync(_folder, options);
        await pipeline.AppendAsync([
            .. Enumerable.Range(0, 668).Select(i => new TestEvent($"e{i}", User, LongestId(i), "enroll", i)),
        ]);
        for (var i = 0; i < 600; i++)
        {
            var e = new TestEvent($"o{i}", User, LongestId(0), "view", 700 + i);
            var origin = new RecordOrigin(1, 2 + i, (1L << 40) - 1);
            await pipeline.AppendAsync(Home, User, InteractionJson.WithOrigin(e.ToJson(), origin));
        }
        await pipeline.AppendAsync(new TestEvent("n1", Neighbour, "c1"));
        await pipeline.SettleAsync();
        Assert.Equal(1, (await pipeline.SessionAsync(Neighbour)).Applied);
        var parking = Assert.Single(await pipeline.Store.ListParkedAsync(default));
        Assert.Equal("folding failed: the session would be larger than 262144 bytes", parking.Reason);
        var stored = (await StoredAsync(User, pipeline))!;
        Assert.InRange(stored.Blob.Length, 255 * 1024, 256 * 1024);
        Assert.Equal(1268, stored.Version.Offset + 1 + (await DeadLettersAsync(pipeline)).Count);

        await EraseAsync(pipeline, at: 2_000);
        await pipeline.AppendAsync(new TestEvent("new", User, "c1", "click", 2_001));
        await pipeline.SettleAsync();
        Assert.Equal(["c1"], await pipeline.HistoryAsync(User));
        Assert.Empty(await pipeline.Store.ListParkedAsync(default));
    }

    [Fact]
    public async Task Erasing_a_user_whose_session_is_damaged_ends_the_parking_and_a_replay_brings_nothing_back()
    {
        await FoldAsync(new TestEvent("a1", User, "c1"));
        StoreFile.Run(_folder, "UPDATE session SET blob = zeroblob(100)");
        await using (var pipeline = await Pipeline.StartAsync(_folder))
        {
            await pipeline.AppendAsync(new TestEvent("a2", User, "c2", "click", 1));
            await EraseAsync(pipeline, at: 10);
            await pipeline.AppendAsync(new TestEvent("a3", User, "c3", "click", 11));
            await ReplayAsync(pipeline);
            await pipeline.SettleAsync();
            Assert.Equal(["c3"], await pipeline.HistoryAsync(User));
        }
        await using var again = await Pipeline.StartAsync(_folder);
        await again.SettleAsync();
        Assert.Equal(["c3"], await again.HistoryAsync(User));
        Assert.Empty(await again.Store.ListParkedAsync(default));
        Assert.Equal((1, 0, 0), await VerifyAsync(again));
    }

    [Fact]
    public async Task A_user_who_is_unparked_before_the_session_is_mended_stays_parked_and_nothing_is_lost()
    {
        await FoldAsync(new TestEvent("a1", User, "c1"));
        var backup = await StoredAsync(User);
        StoreFile.Run(_folder, "UPDATE session SET blob = zeroblob(100)");
        await using (var pipeline = await Pipeline.StartAsync(_folder))
        {
            await pipeline.AppendAsync(new TestEvent("a2", User, "c2", "click", 1));
            await pipeline.SettleAsync();
            await UnparkAsync(pipeline);
            await pipeline.AppendAsync(new TestEvent("a3", User, "c3", "click", 2));
            await pipeline.SettleAsync();
            await Assert.ThrowsAsync<UserParkedException>(() => pipeline.SessionAsync(User));
            // Mended while the node runs: the stored session is looked at again when the user is unparked.
            StoreFile.Mend(_folder, backup);
            await UnparkAsync(pipeline);
            await ReplayAsync(pipeline);
            await pipeline.SettleAsync();
            Assert.Equal(["c1", "c2", "c3"], await pipeline.HistoryAsync(User));
            Assert.Equal((1, 0, 0), await VerifyAsync(pipeline));
        }
    }

    [Fact]
    public async Task A_question_finds_the_damage_too_and_who_watches_sees_what_anybody_would_until_it_is_mended()
    {
        await FoldAsync(new("n1", Neighbour, "c9", "enroll"), new("a1", User, "c1", "enroll"));
        var backup = await StoredAsync(User);
        StoreFile.Run(_folder, "UPDATE session SET blob = zeroblob(100) WHERE user = 'u1'");
        await using var pipeline = await Pipeline.StartAsync(_folder);
        await Eventually.HoldsAsync(() => pipeline.Host.Popular(2).Count == 2, () => pipeline.Host.Popular(2).Count);
        var refused = await Assert.ThrowsAsync<UserParkedException>(() =>
            pipeline.Host.GetRecommendationsAsync(User, 5, LogVersion.None, default)
        );
        Assert.Contains("courserec session unpark", refused.Message);
        var channel = new TestChannel();
        using var connection = await pipeline.Host.ConnectAsync(User, channel);
        await connection.SubscribeAsync(5, default);
        await Eventually.HoldsAsync(() => Courses().Order().SequenceEqual(["c1", "c9"]), Courses);
        await Eventually.HoldsAsync(
            () => pipeline.Store.ListParkedAsync(default).AsTask().Result.Count == 1,
            () => "nobody is parked in the store"
        );
        StoreFile.Mend(_folder, backup);
        await UnparkAsync(pipeline);
        await Eventually.HoldsAsync(() => Courses() is ["c9"], Courses);

        string[] Courses() => [.. channel.Last?.Items.Select(item => item.Course) ?? []];
    }

    [Fact]
    public async Task More_than_a_thousand_users_to_park_are_no_matter_of_users_and_stop_the_partition()
    {
        TestEvent[] events = [.. Enumerable.Range(0, 1_001).Select(i => new TestEvent($"e{i}", $"u{i}", "c1"))];
        await using (var pipeline = await Pipeline.StartAsync(_folder, partitions: 1))
        {
            await pipeline.AppendAsync(events);
            await pipeline.SettleAsync();
        }
        Assert.Equal(1_001, StoreFile.Change(_folder, "UPDATE session SET blob = zeroblob(100)"));
        await using var stopped = await Pipeline.StartAsync(_folder, partitions: 1);
        await Eventually.HoldsAsync(
            () => stopped.Host.Shards.SingleOrDefault()?.State == PartitionState.Stopped,
            () => stopped.Host.Shards.SingleOrDefault()
        );
        Assert.Contains("1000 users are parked, so it is no matter of users", stopped.Host.Shards.Single().Problem);
    }

    private static string LongestId(int i) => new string('學', 127) + (char)('一' + i);

    private static int Home => Partitioner.PartitionOf(User, 2);

    private static TestEvent[] EventsOf(string user) =>
        [.. Enumerable.Range(0, 5).Select(i => new TestEvent($"{user}-{i}", user, $"c{i}", "enroll", i))];

    private async Task FoldAsync(params TestEvent[] events)
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        await pipeline.AppendAsync(events);
        await pipeline.SettleAsync();
    }

    private async Task LogAsync(params TestEvent[] events)
    {
        await using var closed = Pipeline.Open(_folder);
        await closed.AppendAsync(events);
    }

    private async Task<StoredSession> StoredAsync(string user)
    {
        await using var closed = Pipeline.Open(_folder);
        return (await StoredAsync(user, closed))!;
    }

    private static async Task<StoredSession?> StoredAsync(string user, Pipeline pipeline) =>
        (await pipeline.Store.LoadSessionsAsync([user], default))[0];

    private static UserSession ViewOf(StoredSession stored)
    {
        var session = new UserSession(new FoldRules());
        new SessionCodec(new FoldRules(), new()).Decode(stored.User, stored.Blob.Span, stored.Version, session);
        return session;
    }

    private static async Task UnparkAsync(Pipeline pipeline, bool ignoreNobody = false)
    {
        await Eventually.HoldsAsync(
            () => ignoreNobody || pipeline.Store.ListParkedAsync(default).AsTask().Result.Count == 1,
            () => "nobody is parked in the store"
        );
        using var intake = new InteractionIntake(pipeline.Log, TimeProvider.System);
        foreach (var parking in await pipeline.Store.ListParkedAsync(default))
            await intake.UnparkAsync(parking, default);
    }

    private static Task EraseAsync(Pipeline pipeline, double at) =>
        pipeline.AppendAsync(
            Home,
            User,
            InteractionJson.Erasure(User, "erase-1", Pipeline.Start.AddSeconds(at).ToUnixTimeMilliseconds())
        );

    /// <summary>Sends every dead letter in again, as accepted when it first was.</summary>
    private static async Task ReplayAsync(Pipeline pipeline)
    {
        await pipeline.SettleAsync();
        foreach (var letter in await DeadLettersAsync(pipeline))
            await pipeline.Log.AppendAsync(
                [new NewRecord(letter.Partition, letter.AcceptedAt, Encoding.UTF8.GetBytes(User), letter.Value)],
                CancellationToken.None
            );
    }

    private static async Task<List<DeadLetter>> DeadLettersAsync(Pipeline pipeline) =>
        await pipeline.Log.ReadDeadLettersAsync(default).ToListAsync();

    private static string IdOf(DeadLetter letter)
    {
        var parser = new InteractionParser();
        return parser.TryParseRecord(letter.Value.Span, letter.AcceptedAt, out _) ? parser.Id.ToString() : "?";
    }

    private static async Task<(int Compared, int Parked, int Different)> VerifyAsync(Pipeline pipeline)
    {
        var verifier = new SessionVerifier(pipeline.Log, pipeline.Store, new FoldRules(), new());
        var report = await verifier.VerifyAsync(null, default);
        Assert.True(report.Different == 0, string.Join("; ", report.Differences));
        return (report.Compared, report.Parked, report.Different);
    }

    /// <summary>Breaks its promise not to throw, at one event of one user.</summary>
    private sealed class RefusingSink(string user, int atEvent) : IExampleSink
    {
        private int _events;

        public void Teach(in Example example)
        {
            if (example.User == StableHash.Of(user) && ++_events == atEvent)
                throw new InvalidOperationException("this one not");
        }

        public void Forget(ulong user) { }
    }
}
