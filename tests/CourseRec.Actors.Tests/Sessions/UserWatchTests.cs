using System.Buffers;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Sessions;
using CourseRec.Actors.Tests.Hosting;
using CourseRec.Actors.Tests.Partitions;
using static CourseRec.Actors.Tests.Sessions.SessionFactory;

namespace CourseRec.Actors.Tests.Sessions;

/// <summary>Which list a watch that is renewed brings: none that was seen, and none is missed.</summary>
public sealed class UserWatchTests : TestKit, IAsyncLifetime
{
    private readonly PartitionParts _parts = new();
    private readonly SessionCell _cell = new("u1");
    private IActorRef _user;

    public UserWatchTests()
        : base(TestConfig.Patient)
    {
        _cell.Pack(new UserSession(_parts.Options.Rules), new ArrayBufferWriter<byte>());
        _parts.Publish("c1", "c2", "c3");
        _user = NewOwner();
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Sys.Terminate();
        await _parts.DisposeAsync();
    }

    [Fact]
    public async Task A_watch_begins_with_the_list_as_it_is()
    {
        await ApplyAsync(7, "c1");
        var list = await BeginAsync(count: 2);
        Assert.Equal(new ListMark(V(7), list.List.ModelVersion, 1), list.Mark);
        Assert.Equal(("u1", 7, 2), (list.List.User, list.List.Offset, list.List.Items.Count));
        Assert.Equal((null, null), (list.AcceptedAt, list.Trace));
    }

    [Fact]
    public async Task A_watch_that_has_seen_what_was_sent_is_renewed_without_a_list()
    {
        var first = await BeginAsync();
        await RenewAsync(first.Mark);
        await ApplyAsync(0, "c1");
        var second = await ExpectMsgAsync<NewList>();
        Assert.Equal((V(0), 2), (second.Mark.Version, second.Mark.Number));
        await RenewAsync(second.Mark);
    }

    [Fact]
    public async Task A_watch_that_has_missed_the_last_list_is_sent_the_very_same_once_more()
    {
        var first = await BeginAsync();
        await ApplyAsync(0, "c1");
        var missed = await ExpectMsgAsync<NewList>();
        Renew(first.Mark);
        Assert.Equal(missed, await ExpectMsgAsync<NewList>());
        await ExpectMsgAsync<Watching>();
        Renew(ListMark.None);
        Assert.Equal(missed, await ExpectMsgAsync<NewList>());
        await ExpectMsgAsync<Watching>();
    }

    [Fact]
    public async Task A_new_owner_with_the_same_session_and_model_sends_nothing_and_counts_on()
    {
        var first = await BeginAsync();
        _user = NewOwner();
        await RenewAsync(first.Mark);
        await ApplyAsync(0, "c1");
        Assert.Equal(2, (await ExpectMsgAsync<NewList>()).Mark.Number);
    }

    [Fact]
    public async Task A_new_owner_with_another_version_sends_its_list()
    {
        var first = await BeginAsync();
        _user = NewOwner();
        await ApplyAsync(0, "c1");
        Renew(first.Mark);
        Assert.Equal(0, (await ExpectMsgAsync<NewList>()).List.Offset);
        await ExpectMsgAsync<Watching>();
    }

    [Fact]
    public async Task A_new_owner_with_another_model_sends_its_list()
    {
        var first = await BeginAsync();
        _user = NewOwner();
        Renew(first.Mark with { Model = "another" });
        Assert.Equal(first.Mark, (await ExpectMsgAsync<NewList>()).Mark);
        await ExpectMsgAsync<Watching>();
    }

    [Fact]
    public async Task Another_number_of_courses_begins_anew_with_a_list_of_so_many()
    {
        var first = await BeginAsync(count: 3);
        _user.Tell(new Asked(new StartWatch("u1", new Watch(TestActor, 1), ListMark.None), TestActor));
        var second = await ExpectMsgAsync<NewList>();
        await ExpectMsgAsync<Watching>();
        Assert.Equal((3, 1), (first.List.Items.Count, second.List.Items.Count));
        await ApplyAsync(0, "c9");
        Assert.Single((await ExpectMsgAsync<NewList>()).List.Items);
        await SeenAsync();
    }

    [Fact]
    public async Task The_end_of_a_watch_is_its_watchers_alone()
    {
        var other = CreateTestProbe();
        await BeginAsync();
        _user.Tell(new Asked(new StartWatch("u1", new Watch(other, 3), ListMark.None), other));
        await other.ExpectMsgAsync<NewList>();
        await other.ExpectMsgAsync<Watching>();
        _user.Tell(new EndWatch("u1", TestActor), TestActor);
        await ApplyAsync(0, "c1");
        Assert.Equal(0, (await other.ExpectMsgAsync<NewList>()).List.Offset);
        await SeenAsync();
    }

    private IActorRef NewOwner()
    {
        var services = new UserServices(_parts.Shared, 0, 1, SessionFormats.Newest, LogVersion.None);
        var user = Sys.ActorOf(UserActor.Props(services));
        user.Tell(new Hydrate(_cell.State), TestActor);
        return user;
    }

    private async Task<NewList> BeginAsync(int count = 3)
    {
        _user.Tell(new Asked(new StartWatch("u1", new Watch(TestActor, count), ListMark.None), TestActor));
        var list = await ExpectMsgAsync<NewList>();
        await ExpectMsgAsync<Watching>();
        return list;
    }

    private void Renew(ListMark seen) =>
        _user.Tell(new Asked(new StartWatch("u1", new Watch(TestActor, 3), seen), TestActor));

    /// <summary>Renews, and no list comes.</summary>
    private async Task RenewAsync(ListMark seen)
    {
        Renew(seen);
        await ExpectMsgAsync<Watching>();
    }

    /// <summary>Everything that the actor had to tell before has come.</summary>
    private async Task SeenAsync()
    {
        _user.Tell(new Asked(new GetSession("u1"), TestActor));
        await ExpectMsgAsync<SessionView>();
    }

    private async Task ApplyAsync(long offset, string course)
    {
        var batch = new RecordBatch(V(offset), Start, 1);
        var folded = Event($"e{offset}", _parts.Courses.GetOrAdd(course), seconds: offset);
        batch.Add(_cell, new(V(offset), Start, $"e{offset}", RecordKind.Interaction, folded, default, null));
        _user.Tell(new Apply(batch.Users.Single(), MayShow: true), TestActor);
        await ExpectMsgAsync<Applied>();
    }
}
