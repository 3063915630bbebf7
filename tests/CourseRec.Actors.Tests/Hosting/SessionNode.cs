using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.DistributedData;
using Akka.Remote;
using Akka.Remote.Transport;
using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Models.Catalogue;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Actors.Tests.Hosting;

/// <summary>A node: an actor system with remoting on a port of its own, and its session host.</summary>
internal sealed class SessionNode : IAsyncDisposable
{
    private static readonly ClusterTimings Timings = new()
    {
        HeartbeatPause = TimeSpan.FromSeconds(5), // More than a busy machine's tests stand still.
        StableAfter = TimeSpan.FromSeconds(2),
    };

    private SessionNode(ActorSystem actors, SessionHost host) => (Actors, Host) = (actors, host);

    public ActorSystem Actors { get; }

    public SessionHost Host { get; }

    private Address Address => Cluster.Get(Actors).SelfAddress;

    /// <summary>The partitions that run here and have folded all that there was.</summary>
    public IEnumerable<int> Running =>
        Host.Shards.Where(shard => shard.State == PartitionState.Running).Select(shard => shard.Partition);

    /// <summary>A node that has not joined yet.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="placement">Whether it holds partitions, or others do.</param>
    /// <param name="log">The log that the nodes share.</param>
    /// <param name="store">The store that they share.</param>
    /// <param name="canBeCutOff">Whether the test may cut it off; all nodes or none.</param>
    public static SessionNode Make(
        string name,
        Placement placement,
        IInteractionLog log,
        ISessionStore store,
        bool canBeCutOff
    )
    {
        var role = placement == Placement.Sharded ? SessionCluster.SessionRole : "gateway";
        var actors = ActorSystem.Create(SessionCluster.SystemName, Config(role, canBeCutOff));
        var options = new SessionHostOptions
        {
            Placement = placement,
            Node = name,
            WaitForOwner = TimeSpan.FromSeconds(1),
            FlushInterval = TimeSpan.FromMilliseconds(100),
            CountersInterval = TimeSpan.FromMilliseconds(200),
            PublishInterval = TimeSpan.FromMilliseconds(50),
        };
        var courses = new CourseIndex();
        var host = new SessionHost(
            options,
            actors,
            log,
            store,
            courses,
            new CourseCatalogue(courses),
            TimeProvider.System,
            NullLoggerFactory.Instance
        );
        return new SessionNode(actors, host);
    }

    /// <summary>Joins another node, or begins a cluster, and starts its host.</summary>
    public async Task StartAsync(SessionNode? seed)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        if (seed?.Address.Protocol.Contains("trttl") == true) // Seeds are said without a protocol.
            await Cluster.Get(Actors).JoinSeedNodesAsync([seed.Address], patience.Token);
        else
            await SessionCluster.JoinAsync(
                Actors,
                seed is null ? [] : [$"{seed.Address.Host}:{seed.Address.Port}"],
                patience.Token
            );
        await Host.StartAsync(patience.Token);
    }

    /// <summary>Hands its partitions over and leaves the cluster, as a node does that is told to stop.</summary>
    public async Task LeaveAsync()
    {
        await Host.StopAsync(CancellationToken.None);
        await CoordinatedShutdown.Get(Actors).Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
    }

    /// <summary>Nothing comes to this node from another one any more, nor from there to it.</summary>
    public Task CutOffAsync(SessionNode other)
    {
        var remoting = ((RemoteActorRefProvider)((ExtendedActorSystem)Actors).Provider).Transport;
        return remoting.ManagementCommand(
            new SetThrottle(other.Address, ThrottleTransportAdapter.Direction.Both, Blackhole.Instance)
        );
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Actors.Terminate();
    }

    private static Config Config(string role, bool canBeCutOff) =>
        ConfigurationFactory
            .ParseString(
                $$"""
                akka {
                  loglevel = OFF
                  actor.provider = cluster
                  remote.dot-netty.tcp {
                    hostname = 127.0.0.1
                    port = 0
                    applied-adapters = [{{(canBeCutOff ? "trttl" : "")}}]
                  }
                  cluster.roles = [{{role}}]
                }
                """
            )
            .WithFallback(SessionCluster.Config(Timings))
            .WithFallback(ActorsConfig.Config)
            .WithFallback(ClusterSharding.DefaultConfig())
            .WithFallback(ClusterSingleton.DefaultConfig())
            .WithFallback(DistributedPubSub.DefaultConfig())
            .WithFallback(DistributedData.DefaultConfig());
}
