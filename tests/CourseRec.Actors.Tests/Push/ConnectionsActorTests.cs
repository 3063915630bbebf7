using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Push;
using CourseRec.Actors.Tests.Hosting;

namespace CourseRec.Actors.Tests.Push;

/// <summary>The connections of a process: the region is the test's, and so is the time.</summary>
public sealed class ConnectionsActorTests : TestKit
{
    private readonly PartitionExtractor _partitions = new(2);
    private readonly TestProbe _region;
    private readonly StartAnnouncer _starts;
    private readonly IActorRef _connections;

    public ConnectionsActorTests()
        : base(TestConfig.Timeless)
    {
        (_region, _starts) = (CreateTestProbe(), new StartAnnouncer(Sys, Placement.Local));
        var (region, starts, partitions) = (_region.Ref, _starts, _partitions);
        _connections = Sys.ActorOf(
            Props.Create(() => new ConnectionsActor(region, starts, partitions, TimeProvider.System))
        );
    }

    [Fact]
    public async Task When_a_partition_starts_anew_the_watches_of_its_users_are_renewed_and_no_others()
    {
        var (here, there) = (UserOf(0), UserOf(1));
        IActorRef[] connections = [await WatchAsync(here), await WatchAsync(there), await WatchAsync(here)];
        await StartsAsync(0, connections);
        var renewed = new[] { await _region.ExpectMsgAsync<StartWatch>(), await _region.ExpectMsgAsync<StartWatch>() };
        Assert.Equal([connections[0], connections[2]], renewed.Select(start => start.Watch.Watcher).Order());
        Assert.All(renewed, start => Assert.Equal(here, start.User));
        Assert.False(_region.HasMessages);
    }

    [Fact]
    public async Task A_connection_that_has_ended_is_told_of_nothing()
    {
        var (ends, stays) = (await WatchAsync(UserOf(0)), await WatchAsync(UserOf(0)));
        Watch(ends);
        ends.Tell(PoisonPill.Instance);
        await ExpectTerminatedAsync(ends);
        await _region.ExpectMsgAsync<EndWatch>();
        await StartsAsync(0, stays);
        Assert.Equal(stays, (await _region.ExpectMsgAsync<StartWatch>()).Watch.Watcher);
        Assert.False(_region.HasMessages);
    }

    private string UserOf(int partition) =>
        Enumerable
            .Range(0, 100)
            .Select(i => $"u{i}")
            .First(user => _partitions.PartitionOf(new GetSession(user)) == partition);

    private async Task<IActorRef> WatchAsync(string user)
    {
        _connections.Tell(new OpenConnection(user, new TestChannel()), TestActor);
        var connection = await ExpectMsgAsync<IActorRef>();
        connection.Tell(new Subscribe(3), TestActor);
        await _region.ExpectMsgAsync<StartWatch>();
        _region.Send(connection, Watching.It);
        await ExpectMsgAsync<Watching>();
        return connection;
    }

    /// <summary>A partition has started, and what that brings about has come about.</summary>
    private async Task StartsAsync(int partition, params IActorRef[] connections)
    {
        _starts.Announce(new PartitionStarted(partition));
        foreach (var actor in connections.Prepend(_connections))
        {
            actor.Tell(new Identify(null), TestActor);
            await ExpectMsgAsync<ActorIdentity>();
        }
        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromMilliseconds(300));
    }
}
