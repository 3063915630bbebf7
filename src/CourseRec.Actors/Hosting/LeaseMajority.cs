using Akka.Configuration;

namespace CourseRec.Actors.Hosting;

/// <summary>
/// The split-brain resolver's strategy for two session nodes, where neither half of a cluster has a majority: the half
/// that gets a lease in the session store goes on, the other one ends itself.
/// </summary>
public static class LeaseMajority
{
    /// <summary>
    /// The settings. It takes two nodes a different time to find that they lost each other, and a paused process does
    /// not know that its lease expired: <c>heartbeat-timeout</c> must be longer than both, and than the clocks of the
    /// store's nodes differ.
    /// </summary>
    public static Config Config { get; } =
        ConfigurationFactory.ParseString(
            $$"""
            courserec.store-lease {
              lease-class = "{{typeof(StoreLease).AssemblyQualifiedName}}"
              heartbeat-timeout = 120s
              heartbeat-interval = 12s
              lease-operation-timeout = 5s
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
