using System.Reflection;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Node.Options;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CourseRec.Node.Cluster;

/// <summary>This node as it describes itself to the others.</summary>
internal sealed class ThisNode(NodeOptions options, SessionHost sessions, IServer server)
{
    private static readonly string Program =
        typeof(ThisNode).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";

    /// <summary>Its id, which no other has.</summary>
    public string Id { get; } =
        options.Cluster.NodeId ?? $"{Environment.MachineName}-{Guid.NewGuid().ToString("n")[..8]}";

    /// <summary>Its entry now. The address is known once the server listens.</summary>
    public NodeEntry Describe() =>
        new(
            Id,
            options.Cluster.Advertise?.AbsoluteUri
                ?? server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault(),
            options.Cluster.Roles ?? ClusterOptions.AllRoles,
            [
                .. sessions
                    .Shards.Where(s => sessions.Serves(s.Partition))
                    .Select(s => new PartitionClaim(s.Partition, s.Lag)),
            ],
            Program,
            sessions.ModelVersion
        );
}
