using System.Reflection;
using Akka.Actor;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Partitions;
using CourseRec.Node.Options;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CourseRec.Node.Cluster;

/// <summary>Tells the other nodes what this one is.</summary>
internal sealed class NodeActor(ThisNode self) : UntypedActor
{
    /// <summary>Where the other nodes find it.</summary>
    public const string Name = "node";

    protected override void OnReceive(object message)
    {
        if (message is DescribeNode)
            Sender.Tell(self.Describe());
        else
            Unhandled(message);
    }
}

/// <summary>This node as it describes itself.</summary>
internal sealed class ThisNode(NodeOptions options, SessionHost sessions, IServer server)
{
    private static readonly string Program =
        typeof(ThisNode).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";

    /// <summary>What it is now. The address is known once the server listens.</summary>
    public NodeDescription Describe() =>
        new(
            options.Cluster.Name,
            options.Cluster.Advertise?.AbsoluteUri
                ?? server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault(),
            options.Cluster.Roles ?? ClusterOptions.AllRoles,
            [
                .. sessions
                    .Shards.Where(shard => shard.State != PartitionState.Stopped && sessions.Serves(shard.Partition))
                    .Select(shard => new ServedPartition(shard.Partition, shard.Lag)),
            ],
            Program,
            sessions.ModelVersion
        );
}
