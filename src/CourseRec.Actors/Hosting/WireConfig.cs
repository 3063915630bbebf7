using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Configuration;
using Akka.DistributedData;
using CourseRec.Actors.Serialization;

namespace CourseRec.Actors.Hosting;

/// <summary>What may cross nodes, and how.</summary>
public static class WireConfig
{
    /// <summary>
    /// The setting that says which wire version this node writes. It is raised when every node runs a program that
    /// reads the newer one.
    /// </summary>
    public const string WireVersion = "courserec.wire-version";

    /// <summary>
    /// The largest message; what is larger is dropped where it is sent, and logged. A list of 100 courses, the most
    /// that clients may ask for, and a history of 668, the most that <see cref="Sessions.FoldRules.Validate"/> lets
    /// be, fit in whatever script their names are: they have at most 159 and 269 KB. In ASCII, and with a history of
    /// 50, no message has more than 64 KB.
    /// </summary>
    internal const int MaxFrameBytes = 320_000;

    /// <summary>
    /// The settings. What has no serializer of its own is refused where it is sent: Akka's default one is replaced.
    /// So are exceptions, and actors to be made on another node. Akka's extensions bring serializers of their own only
    /// as they start, when other nodes may have sent what needs them: they are there from the beginning.
    /// </summary>
    public static Config Config { get; } =
        ConfigurationFactory
            .ParseString(
                $$"""
                {{WireVersion}} = 1
                akka {
                  actor {
                    serializers {
                      json = "{{typeof(RefusingSerializer).AssemblyQualifiedName}}"
                      courserec = "{{typeof(ClusterSerializer).AssemblyQualifiedName}}"
                    }
                    serialization-bindings {
                      "System.Object" = json
                      "Akka.Actor.Status+Failure, Akka" = json
                      "Akka.Remote.DaemonMsgCreate, Akka.Remote" = json
                      {{string.Join("\n", Messages.Select(type => $"\"{type.AssemblyQualifiedName}\" = courserec"))}}
                    }
                  }
                  remote.dot-netty.tcp.maximum-frame-size = {{MaxFrameBytes}}b
                }
                """
            )
            .WithFallback(ClusterSharding.DefaultConfig())
            .WithFallback(DistributedPubSub.DefaultConfig())
            .WithFallback(DistributedData.DefaultConfig());

    private static IEnumerable<Type> Messages => WireForms.All.Select(form => form.Message).Distinct();
}
