using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;

namespace CourseRec.Actors.Hosting;

/// <summary>The cluster that sessions run on: how quickly it notices what, and how a node joins it.</summary>
public static class SessionCluster
{
    /// <summary>The actor system's name, which addresses bear.</summary>
    public const string SystemName = "courserec";

    /// <summary>The role of the nodes that hold partitions.</summary>
    public const string SessionRole = "session";

    /// <summary>The exit code of a node that the others took out, or that stood still for too long: start it
    /// again.</summary>
    public const int RemovedExitCode = 75; // EX_TEMPFAIL of sysexits.h

    internal const string ProofDispatcher = "courserec.proof-dispatcher";

    private static int RemoteThreads => Math.Clamp(Environment.ProcessorCount / 2, 2, 16);

    /// <summary>
    /// The settings of Akka for these timings, and for what may cross nodes. What keeps the cluster together has
    /// threads of its own, beside the pool. A first seed that comes back is answered in time: were it to wait no longer
    /// than the others hold its address for dead, it would begin a second cluster.
    /// </summary>
    /// <param name="timings">How patient the nodes are with each other.</param>
    public static Config Config(ClusterTimings timings) =>
        ConfigurationFactory
            .ParseString(
                $$"""
                {{ProofDispatcher}} { executor = "{{OwnThreads.TypeName}}", own-threads = 1 }
                akka {
                  actor {
                    internal-dispatcher { executor = "{{OwnThreads.TypeName}}", own-threads = 2 }
                  }
                  coordinated-shutdown.phases.cluster-exiting.timeout = 3s
                  remote {
                    default-remote-dispatcher { executor = "{{OwnThreads.TypeName}}", own-threads = {{RemoteThreads}} }
                    log-remote-lifecycle-events = off
                    dot-netty.tcp.connection-timeout = 2s
                    retry-gate-closed-for = 1s
                    watch-failure-detector.acceptable-heartbeat-pause = {{Milliseconds(timings.HeartbeatPause * 2)}}
                  }
                  cluster {
                    log-info = off
                    downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
                    use-dispatcher = "akka.actor.internal-dispatcher"
                    seed-node-timeout = 10s
                    gossip-interval = 200ms
                    leader-actions-interval = 200ms
                    unreachable-nodes-reaper-interval = 400ms
                    periodic-tasks-initial-delay = 100ms
                    allow-weakly-up-members = off
                    down-removal-margin = {{Milliseconds(timings.StableAfter)}}
                    run-coordinated-shutdown-when-down = on
                    failure-detector {
                      heartbeat-interval = 300ms
                      expected-response-after = 5s # of a node that starts: it compiles all that it does
                      acceptable-heartbeat-pause = {{Milliseconds(timings.HeartbeatPause)}}
                      min-std-deviation = 100ms
                    }
                    split-brain-resolver {
                      active-strategy = keep-majority
                      keep-majority.role = "{{SessionRole}}"
                      stable-after = {{Milliseconds(timings.StableAfter)}}
                      down-all-when-unstable = 20s
                    }
                    singleton {
                      hand-over-retry-interval = 200ms
                      min-number-of-hand-over-retries = 50
                    }
                    singleton-proxy.singleton-identification-interval = 200ms
                    sharding {
                      state-store-mode = ddata
                      remember-entities = off
                      passivate-idle-entity-after = off
                      retry-interval = 100ms
                      rebalance-interval = 1s
                      coordinator-failure-backoff = 500ms
                      shard-failure-backoff = 500ms
                      entity-restart-backoff = 500ms
                      handoff-timeout = 4s
                      waiting-for-state-timeout = 1s
                      updating-state-timeout = 2s
                      use-dispatcher = "akka.actor.internal-dispatcher"
                      coordinator-state {
                        write-majority-plus = 0
                        read-majority-plus = 0
                      }
                      distributed-data {
                        gossip-interval = 2s # What is written goes to a majority at once.
                        delta-crdt.enabled = off
                        notify-subscribers-interval = 400ms
                        majority-min-cap = 0
                        durable.keys = []
                      }
                    }
                  }
                }
                """
            )
            .WithFallback(WireConfig.Config);

    /// <summary>
    /// Joins the cluster; completes when this node is up. Without seeds it is a cluster of one.
    /// </summary>
    /// <param name="actors">The node's actors.</param>
    /// <param name="seeds">Nodes to ask, <c>host:port</c>. The first of them may begin the cluster.</param>
    /// <param name="cancel">Ends the waiting.</param>
    public static Task JoinAsync(ActorSystem actors, IReadOnlyList<string> seeds, CancellationToken cancel)
    {
        var cluster = Cluster.Get(actors);
        return seeds.Count == 0
            ? cluster.JoinAsync(cluster.SelfAddress, cancel)
            : cluster.JoinSeedNodesAsync(
                seeds.Select(seed => Address.Parse($"akka.tcp://{SystemName}@{seed}")).ToArray(),
                cancel
            );
    }

    /// <summary>Whether there are other nodes that hold partitions.</summary>
    /// <param name="actors">A node's actors.</param>
    public static bool HasOthers(ActorSystem actors) =>
        Cluster.Get(actors).State.Members.Count(member => member.HasRole(SessionRole)) > 1;

    internal static string Milliseconds(TimeSpan span) =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalMilliseconds}ms");
}

/// <summary>How patient nodes are with each other.</summary>
public sealed record ClusterTimings
{
    /// <summary>A node that was silent for so long is unreachable.</summary>
    public TimeSpan HeartbeatPause { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>
    /// When nothing has changed for so long, unreachable nodes are taken out, and their partitions begin elsewhere so
    /// long after. Answers and pushes need a proof that is younger than this.
    /// </summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(1.2);
}
