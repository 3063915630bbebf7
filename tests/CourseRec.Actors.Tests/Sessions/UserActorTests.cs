using System.Buffers;
using System.Text;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;
using CourseRec.Actors.Sessions;
using CourseRec.Actors.Tests.Hosting;
using CourseRec.Actors.Tests.Partitions;
using static CourseRec.Actors.Tests.Sessions.SessionFactory;

namespace CourseRec.Actors.Tests.Sessions;

/// <summary>A user's actor by itself: the test is its partition, and who watches.</summary>
public sealed class UserActorTests : TestKit, IAsyncLifetime
{
    private readonly PartitionParts _parts = new();
    private readonly IActorRef _user;

    public UserActorTests()
        : base(TestConfig.Patient) => _user = Make(_parts.Shared);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Sys.Terminate();
        await _parts.DisposeAsync();
    }

    [Fact]
    public async Task Folded_records_are_answered_with_the_state_after_them()
    {
        var cell = Hydrate("u1");
        var applied = await ApplyAsync(cell, (3, "c1"), (4, "c2"));
        Assert.Equal(("u1", V(4), true), (applied.State.User, applied.State.Version, applied.IsToStore));
        Assert.Equal(["c1", "c2"], HistoryOf(applied.State));
        Assert.Equal([V(3), V(4)], applied.Interactions!.Select(interaction => interaction.Version));
        Assert.Equal([3, 4], applied.Discoveries.Select(discovery => discovery.Offset));
        Assert.Equal((Lists.None, null), (applied.Owed, applied.Failure));
    }

    [Fact]
    public async Task Records_at_or_below_the_version_change_nothing_and_nobody_hears_of_them()
    {
        var cell = Hydrate("u1");
        await BeginWatchAsync();
        var first = await ApplyAsync(cell, (3, "c1"), (4, "c2"));
        await ExpectMsgAsync<NewList>();
        var again = await ApplyAsync(cell, (3, "c1"), (4, "c2"));
        Assert.Equal(first.State, again.State);
        Assert.Equal((false, null), (again.IsToStore, again.Interactions));
        Assert.Empty(again.Discoveries);
        Assert.Equal(2, (await SessionAsync()).Applied);
    }

    [Fact]
    public async Task Another_user_finds_nothing_of_the_one_before()
    {
        var a = Hydrate("a");
        await BeginWatchAsync();
        await ApplyAsync(a, (0, "c1"));
        await ExpectMsgAsync<NewList>();
        var b = Hydrate("b");
        var applied = await ApplyAsync(b, (1, "c2"));
        Assert.Equal(["c2"], HistoryOf(applied.State));
        var session = await SessionAsync();
        Assert.Equal(("b", 1, 1), (session.User, session.Offset, session.Applied));
        Refresh();
        await ExpectMsgAsync<Refreshed>();
    }

    [Fact]
    public async Task While_ownership_is_unproven_questions_are_refused_and_lists_are_owed_until_they_are_made()
    {
        var cell = Hydrate("u1");
        await BeginWatchAsync();
        _parts.Proof.IsProven = false;
        Assert.Equal(Lists.Watched, (await ApplyAsync(cell, (0, "c1"))).Owed);
        foreach (var question in new Question[] { new GetSession("u1"), new Recommend("u1", 3), WatchOf("u1") })
        {
            _user.Tell(new Asked(question, TestActor));
            Assert.Equal(
                new Refusal(RefusalKind.NotYet, "partition 0 can't be served now: its ownership is unproven"),
                await ExpectMsgAsync<Refusal>()
            );
        }
        _parts.Proof.IsProven = true;
        _user.Tell(new MakeLists(Lists.Watched), TestActor);
        var posted = await ExpectMsgAsync<NewList>();
        Assert.Equal((0, AcceptedAt(0)), (posted.List.Offset, posted.AcceptedAt));
    }

    [Fact]
    public async Task While_the_partition_catches_up_lists_are_owed()
    {
        var user = Make(_parts.Shared with { Output = new ToTest(TestActor) });
        var cell = Hydrate("u1", user);
        await BeginWatchAsync(user);
        Assert.Equal(Lists.Watched | Lists.Output, (await ApplyAsync(user, cell, mayShow: false, (0, "c1"))).Owed);
        user.Tell(new MakeLists(Lists.Watched | Lists.Output), TestActor);
        Assert.Equal(AcceptedAt(0), (await ExpectMsgAsync<NewList>()).AcceptedAt);
        Assert.Equal(0, (await ExpectMsgAsync<PutOut>()).List.Offset);
        Assert.Equal(Lists.None, (await ApplyAsync(user, cell, mayShow: true, (1, "c2"))).Owed);
        Assert.Equal(1, (await ExpectMsgAsync<NewList>()).List.Offset);
        Assert.Equal(1, (await ExpectMsgAsync<PutOut>()).List.Offset);
    }

    [Fact]
    public async Task A_parked_users_records_come_back_to_be_put_aside()
    {
        var parking = new Parking("u1", V(3), 0, "folding failed");
        var cell = Hydrate("u1", parking: parking);
        await BeginWatchAsync();
        var applied = await ApplyAsync(cell, (2, "c1"), (3, "c2"), (4, "c3"));
        Assert.Equal([V(3), V(4)], applied.Dead.Select(dead => dead.Record.Version));
        Assert.All(
            applied.Dead,
            dead => Assert.Equal("the user is parked from version 1/3 on: folding failed", dead.Reason)
        );
        Assert.Equal((LogVersion.None, parking), (applied.State.Version, applied.State.Parking));
        Assert.Equal((false, null, Lists.None), (applied.IsToStore, applied.Parking, applied.Owed));
        _user.Tell(new Asked(new GetSession("u1"), TestActor));
        Assert.Equal(RefusalKind.Parked, (await ExpectMsgAsync<Refusal>()).Why);
    }

    [Fact]
    public async Task A_refresh_posts_only_a_list_that_differs()
    {
        _parts.Publish("c1", "c1", "c2");
        Hydrate("u1");
        Assert.Equal(["c1", "c2"], CoursesOf(await BeginWatchAsync()));
        Refresh();
        await ExpectMsgAsync<Refreshed>();
        _parts.Publish("c2", "c2", "c1");
        Refresh();
        var posted = await ExpectMsgAsync<NewList>();
        Assert.Equal((null, "c2 c1"), (posted.AcceptedAt, string.Join(' ', CoursesOf(posted))));
        await ExpectMsgAsync<Refreshed>();
        _parts.Catalogue.Apply(new CatalogueRecord(0, "c1", Encoding.UTF8.GetBytes("""{"title":"Algebra"}""")));
        Refresh();
        Assert.Equal([null, "Algebra"], (await ExpectMsgAsync<NewList>()).List.Items.Select(item => item.Title));
        await ExpectMsgAsync<Refreshed>();
    }

    private static long AcceptedAt(long offset) => Start + offset;

    private static IEnumerable<string> CoursesOf(NewList posted) => posted.List.Items.Select(item => item.Course);

    private IActorRef Make(PartitionServices shared) =>
        Sys.ActorOf(UserActor.Props(new UserServices(shared, 0, 1, SessionFormats.Newest, LogVersion.None)));

    private SessionCell Hydrate(string user, IActorRef? actor = null, Parking? parking = null)
    {
        var cell = new SessionCell(user);
        cell.Pack(new UserSession(_parts.Options.Rules), new ArrayBufferWriter<byte>());
        (actor ?? _user).Tell(new Hydrate(cell.State with { Parking = parking }), TestActor);
        return cell;
    }

    private Task<Applied> ApplyAsync(SessionCell cell, params (long Offset, string Course)[] records) =>
        ApplyAsync(_user, cell, mayShow: true, records);

    private async Task<Applied> ApplyAsync(
        IActorRef user,
        SessionCell cell,
        bool mayShow,
        params (long Offset, string Course)[] records
    )
    {
        var batch = new RecordBatch(V(records[^1].Offset), AcceptedAt(records[^1].Offset), records.Length);
        foreach (var (offset, course) in records)
            batch.Add(cell, Record(offset, course));
        user.Tell(new Apply(batch.Users.Single(), mayShow), TestActor);
        return await ExpectMsgAsync<Applied>();
    }

    private UserRecord Record(long offset, string course)
    {
        var folded = Event($"e{offset}", _parts.Courses.GetOrAdd(course), seconds: offset);
        return new(V(offset), AcceptedAt(offset), $"e{offset}", RecordKind.Interaction, folded, default, null);
    }

    private async Task<NewList> BeginWatchAsync(IActorRef? user = null)
    {
        (user ?? _user).Tell(new Asked(WatchOf("u1"), TestActor));
        var posted = await ExpectMsgAsync<NewList>();
        await ExpectMsgAsync<Watching>();
        return posted;
    }

    private StartWatch WatchOf(string user) => new(user, new Watch(TestActor, 3), ListMark.None);

    private void Refresh() => _user.Tell(Actors.Sessions.Refresh.It, TestActor);

    private async Task<SessionView> SessionAsync()
    {
        _user.Tell(new Asked(new GetSession("whoever it is"), TestActor));
        return await ExpectMsgAsync<SessionView>();
    }

    private IEnumerable<string> HistoryOf(UserState state)
    {
        var session = new UserSession(_parts.Options.Rules);
        state.Unpack(_parts.Options.Rules, session);
        return session.Courses().Select(course => _parts.Courses[course]);
    }

    private sealed record PutOut(RecommendationList List);

    /// <summary>Tells the test of every list, in order with what the actor answers.</summary>
    private sealed class ToTest(IActorRef test) : IRecommendationOutput
    {
        public int Count => 3;

        public void Post(RecommendationList list) => test.Tell(new PutOut(list));
    }
}
