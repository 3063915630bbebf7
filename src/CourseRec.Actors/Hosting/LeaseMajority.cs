using Akka.Configuration;

namespace CourseRec.Actors.Hosting;

/// <summary>
/// The split-brain resolver's strategy for two session nodes, where neither half of a cluster has a majority: the half
/// that gets a lease in the session store goes on, the other one ends itself.
/// </summary>
public static class LeaseMajority
{
    /// <summary>
    /// The settings. A node decides when it has missed the other for the time <c>D</c> that both settings of the
    /// timings make. The lease may be a dead node's, from a decision just before: who asks waits 2.5 <c>D</c> for it,
    /// which with <c>D</c> is longer than the 3 <c>D</c> after which such a lease expires. It is also too short to
    /// outlast the lease of one that decided up to <c>D</c>/2 earlier and then stood still: only one of two halves gets
    /// it, whatever happens to that one afterwards.
    /// </summary>
    /// <param name="timings">How patient the nodes are with each other.</param>
    public static Config Config(ClusterTimings timings)
    {
        var decision = timings.HeartbeatPause + timings.StableAfter;
        return ConfigurationFactory.ParseString(
            $$"""
            courserec.store-lease {
              lease-class = "{{typeof(StoreLease).AssemblyQualifiedName}}"
              heartbeat-timeout = {{SessionCluster.Milliseconds(decision * 3)}}
              heartbeat-interval = {{SessionCluster.Milliseconds(decision / 2)}}
              lease-operation-timeout = {{SessionCluster.Milliseconds(decision * 2.5)}}
            }
            akka.cluster {
              downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
              split-brain-resolver {
                active-strategy = lease-majority
                lease-majority {
                  lease-implementation = "courserec.store-lease"
                  role = session
                }
              }
            }
            """
        );
    }
}
