using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Sessions;
using CourseRec.Actors.Tests.Hosting;
using static CourseRec.Actors.Tests.Sessions.SessionFactory;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>Which users of a partition have an actor, and whose it becomes.</summary>
public sealed class ActiveUsersTests : TestKit
{
    private readonly List<TestProbe> _actors = [];
    private readonly ActiveUsers _active;

    public ActiveUsersTests()
        : base(TestConfig.Patient) => _active = new ActiveUsers(limit: 3, NewActor);

    [Fact]
    public void No_more_actors_are_made_than_the_limit_while_users_may_rest()
    {
        SessionCell[] users = [.. Enumerable.Range(0, 50).Select(i => User($"u{i}"))];
        foreach (var user in users)
            _active.Activate(user);
        Assert.Equal(3, _actors.Count);
        Assert.Equal(3, users.Select(user => user.Actor).OfType<IActorRef>().Distinct().Count());
    }

    [Fact]
    public void A_user_gets_the_actor_of_one_not_used_lately()
    {
        var (a, b, c, d, e) = (User("a"), User("b"), User("c"), User("d"), User("e"));
        Activate(a, b, c, d);
        Assert.Equal((null, _actors[0].Ref), (a.Actor, d.Actor));
        Activate(c);
        Activate(e);
        Assert.Equal((null, _actors[1].Ref), (b.Actor, e.Actor));
    }

    [Theory]
    [InlineData("watched")]
    [InlineData("awaited")]
    [InlineData("owed lists")]
    public void Nobody_rests_who_is(string state)
    {
        var (a, b) = (User("a"), User("b"));
        Activate(a, b);
        Busy(a, state);
        foreach (var i in Enumerable.Range(0, 20))
            Activate(User($"u{i}"));
        Assert.Equal((_actors[0].Ref, null), (a.Actor, b.Actor));
        Assert.Equal(3, _actors.Count);
    }

    [Fact]
    public void There_are_more_than_the_limit_when_nobody_may_rest()
    {
        SessionCell[] users = [.. Enumerable.Range(0, 5).Select(i => User($"u{i}"))];
        foreach (var user in users)
        {
            Busy(user, "awaited");
            Activate(user);
        }
        Assert.Equal(_actors.Select(actor => actor.Ref), users.Select(user => user.Actor));
        Assert.Equal(5, _actors.Count);
    }

    [Fact]
    public async Task An_actor_that_is_free_becomes_the_next_users()
    {
        var (a, b) = (User("a", version: 3), User("b", version: 5));
        var actor = _active.Activate(a);
        Assert.Same(actor, _active.Activate(a));
        _active.Rest(a);
        _active.Rest(a);
        Assert.Null(a.Actor);
        Assert.Same(actor, _active.Activate(b));
        Assert.Equal(a.State, (await _actors.Single().ExpectMsgAsync<Hydrate>()).State);
        Assert.Equal(b.State, (await _actors.Single().ExpectMsgAsync<Hydrate>()).State);
        Assert.NotSame(actor, _active.Activate(a));
    }

    private static SessionCell User(string user, int version = 0) => new(user) { Packed = [], Version = V(version) };

    private static void Busy(SessionCell user, string state)
    {
        switch (state)
        {
            case "watched":
                user.Active.IsWatched = true;
                break;
            case "awaited":
                user.Active.Outstanding = 1;
                break;
            default:
                user.Active.Owed = Lists.Output;
                break;
        }
    }

    private void Activate(params SessionCell[] users)
    {
        foreach (var user in users)
            _active.Activate(user);
    }

    private IActorRef NewActor()
    {
        _actors.Add(CreateTestProbe());
        return _actors[^1].Ref;
    }
}
