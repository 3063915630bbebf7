using Akka.Actor;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Learning;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Sessions;
using CourseRec.Actors.Tests.Hosting;
using static CourseRec.Actors.Tests.Sessions.SessionFactory;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>
/// In which order a partition folds and stores, when it pauses, and how its users share their actors.
/// </summary>
public sealed class PartitionActorTests() : TestKit(TestConfig.Timeless)
{
    [Fact]
    public async Task What_was_folded_behind_a_record_that_is_not_folded_yet_is_not_stored()
    {
        var hold = new TaskCompletionSource();
        await using var partition = await DrivenPartition.StartAsync(
            this,
            examples: new HeldTeaching("slow", hold.Task)
        );
        await partition.TakeAsync("slow c1");
        await partition.TakeAsync("fast c1");
        await partition.TakeAsync("fast c2");
        Assert.Equal(2, (await partition.SeenAsync("fast")).Applied);
        partition.Tick();
        await partition.SeenAsync("fast");
        Assert.Empty(partition.Store.Flushes);
        Assert.Equal(0, partition.Progress.Applied);

        hold.SetResult();
        await partition.AppliedAsync(3);
        partition.Tick();
        await partition.StoredAsync(3);
        var flush = Assert.Single(partition.Store.Flushes);
        Assert.Equal(V(2), flush.Checkpoint.Version);
        Assert.Equal(
            [("fast", V(2)), ("slow", V(0))],
            flush.Sessions.Select(session => (session.User, session.Version)).Order()
        );
    }

    [Fact]
    public async Task A_batch_is_not_begun_before_all_its_users_are_in_memory_and_those_before_it_are_stored_meanwhile()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        await partition.TakeAsync("here c1");
        await partition.SeenAsync("here");
        var hold = partition.Store.HoldLoading();
        await partition.TakeAsync("here c2", "away c2");
        partition.Tick();
        Assert.Equal(1, (await partition.SeenAsync("here")).Applied);
        await partition.StoredAsync(1);
        hold.SetResult();
        await partition.AppliedAsync(3);
        Assert.Equal(2, (await partition.SeenAsync("here")).Applied);
        Assert.Equal(1, (await partition.SeenAsync("away")).Applied);
    }

    [Fact]
    public async Task Batches_of_one_user_fold_in_order_and_the_user_is_looked_up_once()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        var hold = partition.Store.HoldLoading();
        await partition.TakeAsync("u1 c1");
        await partition.TakeAsync("u2 c1", "u1 c2");
        await partition.TakeAsync("u1 c3", "u1 c4");
        hold.SetResult();
        await partition.AppliedAsync(5);
        var session = await partition.SeenAsync("u1");
        Assert.Equal(["c1", "c2", "c3", "c4"], session.History.Select(entry => entry.Course));
        Assert.Equal(["u1", "u2"], partition.Store.Loaded);
    }

    [Fact]
    public async Task Questions_that_wait_for_a_store_that_is_away_are_bounded_and_who_is_in_memory_is_answered()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        await partition.TakeAsync("here c1");
        await partition.SeenAsync("here");
        var hold = partition.Store.HoldLoading();
        for (var i = 0; i < 257; i++)
            partition.Tell(new GetSession($"away{i}"));
        var refused = await ExpectMsgAsync<Refusal>();
        Assert.Equal(RefusalKind.Away, refused.Why);
        Assert.Contains("256 questions that wait", refused.Reason);
        Assert.Equal(1, (await partition.SeenAsync("here")).Applied);
        hold.SetResult();
        await ReceiveNAsync(256, TimeSpan.FromSeconds(60)).LastAsync();
        Assert.Equal("away256", (await partition.SeenAsync("away256")).User);
    }

    [Fact]
    public async Task While_the_store_is_away_64_nodes_that_ask_and_a_full_log_make_nothing_grow()
    {
        const int Asked = 64 * 256;
        await using var partition = await DrivenPartition.StartAsync(this, new() { MailboxRecords = 3 });
        var hold = partition.Store.HoldLoading();
        partition.Take("new1 c1", "new2 c1", "new3 c1");
        for (var i = 0; i < Asked; i++)
            partition.Tell(new GetSession($"away{i}"));
        var refused = await ReceiveNAsync(Asked - 256, TimeSpan.FromSeconds(60)).ToListAsync();
        Assert.All(refused, answer => Assert.Equal(RefusalKind.Away, Assert.IsType<Refusal>(answer).Why));
        Assert.False(partition.Feeder.HasMessages);
        hold.SetResult();
        await partition.HasRoomAsync();
        await ReceiveNAsync(256, TimeSpan.FromSeconds(60)).LastAsync();
    }

    [Fact]
    public async Task No_more_records_are_asked_for_while_too_many_are_being_folded()
    {
        var options = new SessionHostOptions { MailboxRecords = 3 };
        await using var partition = await DrivenPartition.StartAsync(this, options);
        await partition.TakeAsync("here c1");
        await partition.SeenAsync("here");
        var hold = partition.Store.HoldLoading();
        await partition.TakeAsync("here c2", "away c1");
        partition.Take("here c3");
        Assert.Equal(1, (await partition.SeenAsync("here")).Applied);
        Assert.False(partition.Feeder.HasMessages);
        hold.SetResult();
        await partition.HasRoomAsync();
        Assert.Equal(3, (await partition.SeenAsync("here")).Applied);
    }

    [Fact]
    public async Task No_more_records_are_asked_for_while_too_many_are_not_stored()
    {
        var options = new SessionHostOptions { MaxUnstoredRecords = 4 };
        await using var partition = await DrivenPartition.StartAsync(this, options);
        var hold = partition.Store.HoldStoring();
        await partition.TakeAsync("u1 c1", "u1 c2", "u1 c3", "u1 c4"); // While it stores these, as many may wait.
        partition.Take("u1 c5", "u1 c6", "u1 c7", "u1 c8");
        Assert.Equal(8, (await partition.SeenAsync("u1")).Applied);
        Assert.False(partition.Feeder.HasMessages);
        hold.SetResult();
        await partition.HasRoomAsync();
        await partition.StoredAsync(8);
        Assert.Equal([V(3), V(7)], partition.Store.Flushes.Select(flush => flush.Checkpoint.Version));
    }

    [Fact]
    public async Task Two_actors_serve_many_users_who_come_one_after_another()
    {
        var options = new SessionHostOptions { MaxActiveUsers = 2 };
        await using var partition = await DrivenPartition.StartAsync(this, options);
        string[] users = [.. Enumerable.Range(0, 10).Select(i => $"u{i}")];
        string[] courses = ["c1", "c2", "c3"];
        foreach (var (course, user) in courses.SelectMany(course => users.Select(user => (course, user))))
        {
            await partition.TakeAsync($"{user} {course}");
            await partition.SeenAsync(user);
        }
        foreach (var user in users)
            Assert.Equal(courses, (await partition.SeenAsync(user)).History.Select(entry => entry.Course));
        partition.Users.Tell(new Identify(null), TestActor);
        await ExpectMsgAsync<ActorIdentity>();
        await ExpectMsgAsync<ActorIdentity>();
        await partition.SeenAsync("u0");
    }

    [Fact]
    public async Task Who_is_told_that_the_watch_has_begun_keeps_it_though_ownership_was_proven_only_just_then()
    {
        var options = new SessionHostOptions { MaxActiveUsers = 1 };
        await using var partition = await DrivenPartition.StartAsync(this, options);
        await partition.SeenAsync("watched");
        partition.Parts.Proof.Next.Enqueue(false);
        var watch = new StartWatch("watched", new Watch(TestActor, 3), ListMark.None);
        partition.Tell(watch);
        Assert.Equal(RefusalKind.NotYet, (await ExpectMsgAsync<Refusal>()).Why);
        partition.Tell(watch);
        await ExpectMsgAsync<NewList>();
        await ExpectMsgAsync<Watching>();
        await partition.SeenAsync("other");
        await partition.TakeAsync("watched c1");
        Assert.Equal(0, (await ExpectMsgAsync<NewList>()).List.Offset);
    }

    /// <summary>Teaching what a user does lasts until it may go on.</summary>
    private sealed class HeldTeaching(string user, Task mayGoOn) : IExampleSink
    {
        public void Teach(in Example example)
        {
            if (example.User == StableHash.Of(user))
                mayGoOn.Wait();
        }

        public void Forget(ulong user) { }
    }
}
