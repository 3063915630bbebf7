using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Recommendations;
using CourseRec.Actors.Serialization;
using CourseRec.Actors.Tests.Hosting;

namespace CourseRec.Actors.Tests.Serialization;

/// <summary>Two nodes of a cluster, over TCP.</summary>
public sealed class WireClusterTests : IAsyncLifetime
{
    private const int PartitionCount = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TestKit _here = new(ActorSystem.Create(SessionCluster.SystemName, NodeConfig));
    private readonly TestKit _there = new(ActorSystem.Create(SessionCluster.SystemName, NodeConfig));
    private readonly TestProbe _errors;

    public WireClusterTests()
    {
        _errors = _here.CreateTestProbe();
        _here.Sys.EventStream.Subscribe(_errors.Ref, typeof(Error));
        _here.Sys.EventStream.Subscribe(_errors.Ref, typeof(Warning));
        _there.Sys.EventStream.Subscribe(_errors.Ref, typeof(Error));
        _there.Sys.EventStream.Subscribe(_errors.Ref, typeof(Warning));
    }

    private static Config NodeConfig { get; } =
        ConfigurationFactory
            .ParseString(
                $$"""
                akka {
                  actor.provider = cluster
                  remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
                  cluster.roles = [{{SessionCluster.SessionRole}}]
                }
                """
            )
            .WithFallback(WireConfig.Config)
            .WithFallback(SessionCluster.Config(new ClusterTimings()))
            .WithFallback(TestConfig.Patient);

    public async Task InitializeAsync()
    {
        var cluster = Cluster.Get(_here.Sys);
        await cluster.JoinAsync(cluster.SelfAddress, CancellationToken.None).WaitAsync(Patience);
        await Cluster.Get(_there.Sys).JoinAsync(cluster.SelfAddress, CancellationToken.None).WaitAsync(Patience);
    }

    public async Task DisposeAsync()
    {
        await _there.Sys.Terminate().WaitAsync(Patience);
        await _here.Sys.Terminate().WaitAsync(Patience);
    }

    [Fact]
    public async Task Questions_reach_partitions_on_another_node_and_answers_come_back()
    {
        var region = await StartRegionsAsync();
        var answering = new HashSet<long>();
        for (var user = 0; user < 40; user++)
        {
            var view = await region.Ask<SessionView>(new GetSession($"u{user}"), Patience);
            var list = await region.Ask<RecommendationList>(new Recommend($"u{user}", 3), Patience);
            Assert.Equal(($"u{user}", view.Offset), (view.User, list.Offset));
            answering.Add(view.Offset);
        }
        Assert.Equal(2, answering.Count);
        NothingWasRefused();
    }

    [Fact]
    public async Task A_watcher_gets_lists_from_another_node()
    {
        var region = await StartRegionsAsync();
        var sending = new HashSet<long>();
        for (var user = 0; user < 40; user++)
        {
            var watcher = _here.CreateTestProbe();
            var mark = new ListMark(LogVersion.At(1, user), "m", 1);
            region.Tell(new StartWatch($"u{user}", new Watch(watcher.Ref, 10), mark), watcher.Ref);
            await watcher.ExpectMsgAsync<Watching>(Patience);
            var list = await watcher.ExpectMsgAsync<NewList>(Patience);
            Assert.Equal(mark, list.Mark);
            sending.Add(list.List.Offset);
            region.Tell(new EndWatch($"u{user}", watcher.Ref), watcher.Ref);
            await watcher.ExpectMsgAsync(new Refusal(RefusalKind.NotYet, "ended"), Patience);
        }
        Assert.Equal(2, sending.Count);
        NothingWasRefused();
    }

    [Fact]
    public async Task A_partition_that_started_is_announced_to_every_node()
    {
        var listener = _there.CreateTestProbe();
        new StartAnnouncer(_there.Sys, Placement.Sharded).Subscribe(listener.Ref);
        var announcer = new StartAnnouncer(_here.Sys, Placement.Sharded);
        await _here.AwaitAssertAsync(
            async () =>
            {
                announcer.Announce(new PartitionStarted(5));
                await listener.ExpectMsgAsync(new PartitionStarted(5), TimeSpan.FromMilliseconds(300));
            },
            Patience
        );
        NothingWasRefused();
    }

    [Fact]
    public async Task Nodes_ping_and_describe_each_other()
    {
        var there = _there.CreateTestProbe();
        var here = _here.CreateTestProbe();
        foreach (
            var message in new object[]
            {
                new ProofPing(1),
                new ProofPong(1, long.MaxValue),
                DescribeNode.It,
                new Wake(3),
                new Refusal(RefusalKind.Away, "away"),
            }
        )
        {
            To(there).Tell(message, here.Ref);
            await there.ExpectMsgAsync(message, Patience);
        }
        there.Reply(new NodeDescription("n", null, [], [new ServedPartition(1, 2)], "p", "m"));
        Assert.Equal("n", (await here.ExpectMsgAsync<NodeDescription>(Patience)).Id);
        NothingWasRefused();
    }

    [Fact]
    public async Task The_largest_messages_cross_and_larger_ones_are_dropped_alone()
    {
        var there = _there.CreateTestProbe();
        To(there).Tell(LongestMessages.Session('学', LongestMessages.History));
        await there.ExpectMsgAsync<SessionView>(Patience);
        To(there).Tell(LongestMessages.List('学', 100));
        await there.ExpectMsgAsync<NewList>(Patience);
        NothingWasRefused();

        To(there).Tell(LongestMessages.List('学', 1000));
        To(there).Tell(new Wake(1));
        await there.ExpectMsgAsync(new Wake(1), Patience);
        await LoggedAsync("Discarding oversized payload");
    }

    [Fact]
    public async Task What_is_not_listed_is_dropped_alone()
    {
        var there = _there.CreateTestProbe();
        foreach (var refused in new object[] { new Unlisted(1), new Status.Failure(new TimeoutException("no")) })
        {
            To(there).Tell(refused);
            To(there).Tell(new Wake(1));
            await there.ExpectMsgAsync(new Wake(1), Patience);
            await LoggedAsync("has no serializer, so it does not cross nodes");
        }
    }

    [Fact]
    public async Task What_only_a_newer_node_knows_is_left_unhandled_and_the_rest_goes_on()
    {
        var region = await StartRegionsAsync();
        var there = _there.CreateTestProbe();
        var newer = new ClusterSerializer(
            (ExtendedActorSystem)_here.Sys,
            [.. WireForms.All, ClusterSerializerTests.Newer],
            wireVersion: 2
        );
        _here.Sys.Serialization.AddSerializer("courserec", newer);
        _here.Sys.Serialization.AddSerializationMap(typeof(GetSession), newer);
        To(there).Tell(new GetSession("u"));
        await there.ExpectMsgAsync(new Unsupported("get-session/2"), Patience);
        await LoggedAsync("get-session/2");

        // The region of the other node gets some of these, and goes on.
        for (var user = 0; user < 20; user++)
            region.Tell(new GetSession($"u{user}"), ActorRefs.NoSender);
        for (var user = 0; user < 20; user++)
            await region.Ask<RecommendationList>(new Recommend($"u{user}", 3), Patience);
    }

    /// <summary>The way from here to an actor of the other node.</summary>
    private ActorSelection To(TestProbe there) =>
        _here.Sys.ActorSelection(there.Ref.Path.ToStringWithAddress(Cluster.Get(_there.Sys).SelfAddress));

    /// <summary>Half of the partitions run here, half there.</summary>
    private async Task<IActorRef> StartRegionsAsync()
    {
        var (region, _) = (StartRegion(_here.Sys), StartRegion(_there.Sys));
        await _here.AwaitAssertAsync(
            async () =>
            {
                var regions = await region.Ask<CurrentRegions>(GetCurrentRegions.Instance, TimeSpan.FromSeconds(1));
                Assert.Equal(2, regions.Regions.Count);
            },
            Patience
        );
        return region;
    }

    private static IActorRef StartRegion(ActorSystem system) =>
        ClusterSharding
            .Get(system)
            .Start(
                "partition-1",
                _ => Props.Create(() => new AnsweringPartition()),
                ClusterShardingSettings.Create(system).WithRole(SessionCluster.SessionRole),
                new PartitionExtractor(PartitionCount),
                ShardAllocationStrategy.LeastShardAllocationStrategy(100, 1),
                Drain.It
            );

    private void NothingWasRefused()
    {
        while (_errors.HasMessages)
            Assert.DoesNotContain("erializ", _errors.ReceiveOne(TimeSpan.Zero).ToString());
    }

    private async Task LoggedAsync(string text) =>
        await _errors.FishForMessageAsync<LogEvent>(e => $"{e.Message}{e.Cause}".Contains(text), Patience);

    private sealed record Unlisted(int Number);
}
