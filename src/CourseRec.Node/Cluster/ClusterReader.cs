using CourseRec.Actors.Ports;
using CourseRec.Node.Options;

namespace CourseRec.Node.Cluster;

/// <summary>Puts <see cref="ClusterReport"/> together.</summary>
internal sealed class ClusterReader(ClusterMembers members, IInteractionLog log, NodeOptions options)
{
    public async Task<ClusterReport> ReadAsync(CancellationToken cancel)
    {
        var nodes = await members.AskAsync(cancel);
        return new(
            options.Cluster.Name,
            [.. nodes.Select(Show)],
            [.. Enumerable.Range(0, log.Identity.Partitions).Select(partition => ShardOf(partition, nodes))]
        );
    }

    private static ClusterNode Show(NodeMember node) =>
        new(
            node.Description?.Id,
            node.Description?.Url,
            node.Description?.Roles ?? [],
            [.. (node.Description?.Partitions ?? []).Select(served => served.Partition).Order()],
            node.Description?.Program,
            node.Description?.Model,
            $"{node.Address.Host}:{node.Address.Port}",
            node.Status.ToString().ToLowerInvariant(),
            node.IsReachable
        );

    private static ClusterShard ShardOf(int partition, IReadOnlyList<NodeMember> nodes)
    {
        var serving = nodes
            .Where(node => node is { IsReachable: true, Description: not null })
            .SelectMany(node => node.Description!.Partitions.Select(served => (node.Description.Id, Served: served)))
            .Where(node => node.Served.Partition == partition)
            .ToArray();
        return serving is [var (id, served), ..] ? new(partition, id, served.Lag) : new(partition, null, null);
    }
}

/// <summary>The cluster as one node sees it.</summary>
/// <param name="Node">The node that answers.</param>
/// <param name="Nodes">That node first, then the others, by address.</param>
/// <param name="Shards">Every partition of the log.</param>
public sealed record ClusterReport(string Node, IReadOnlyList<ClusterNode> Nodes, IReadOnlyList<ClusterShard> Shards);

/// <summary>A node. What it says of itself is absent while it has not answered.</summary>
/// <param name="Id">Its id, of this life of its process.</param>
/// <param name="Url">Where clients reach it.</param>
/// <param name="Roles">What it does.</param>
/// <param name="Partitions">The partitions that it serves.</param>
/// <param name="Program">The program's version.</param>
/// <param name="ModelVersion">The model that serves there.</param>
/// <param name="Address">Where other nodes reach it.</param>
/// <param name="Status">Its status in the cluster: <c>joining</c>, <c>up</c>, <c>leaving</c>, <c>exiting</c>,
/// <c>down</c>.</param>
/// <param name="Reachable">Whether it can be reached now.</param>
public sealed record ClusterNode(
    string? Id,
    string? Url,
    IReadOnlyList<NodeRole> Roles,
    IReadOnlyList<int> Partitions,
    string? Program,
    string? ModelVersion,
    string Address,
    string Status,
    bool Reachable
);

/// <summary>A partition's shard.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Node">The node that serves it; absent while none says so.</param>
/// <param name="Lag">Records that were not folded yet when it said so.</param>
public sealed record ClusterShard(int Partition, string? Node, long? Lag);
