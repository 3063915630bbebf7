using CourseRec.Actors.Ports;

namespace CourseRec.Node.Cluster;

/// <summary>Puts <see cref="ClusterReport"/> together.</summary>
internal sealed class ClusterReader(ThisNode self, ClusterView view, IInteractionLog log)
{
    public async Task<ClusterReport> ReadAsync(CancellationToken cancel)
    {
        await view.RefreshAsync(cancel);
        NodeEntry[] nodes = [self.Describe(), .. view.Others.Select(other => other.Entry)];
        return new(
            self.Id,
            [.. nodes.Select(Show)],
            [.. Enumerable.Range(0, log.Identity.Partitions).Select(partition => ShardOf(partition, nodes))]
        );
    }

    private static ClusterNode Show(NodeEntry node) =>
        new(
            node.Id,
            node.Url,
            node.Roles,
            [.. node.Partitions.Select(claim => claim.Partition).Order()],
            node.Program,
            node.Model
        );

    private static ClusterShard ShardOf(int partition, NodeEntry[] nodes)
    {
        var owner = nodes.FirstOrDefault(node => node.Claims(partition));
        return new(partition, owner?.Id, owner?.Partitions.First(claim => claim.Partition == partition).Lag);
    }
}

/// <summary>The cluster as one node sees it.</summary>
/// <param name="Node">The node that answers.</param>
/// <param name="Nodes">That node first, then the others, the latest heard of first.</param>
/// <param name="Shards">Every partition of the log.</param>
public sealed record ClusterReport(string Node, IReadOnlyList<ClusterNode> Nodes, IReadOnlyList<ClusterShard> Shards);

/// <summary>A node.</summary>
/// <param name="Id">Its id, of this life of its process.</param>
/// <param name="Url">Where it is reached.</param>
/// <param name="Roles">What it does.</param>
/// <param name="Partitions">The partitions that it serves.</param>
/// <param name="Program">The program's version.</param>
/// <param name="ModelVersion">The model that serves there.</param>
public sealed record ClusterNode(
    string Id,
    string? Url,
    IReadOnlyList<NodeRole> Roles,
    IReadOnlyList<int> Partitions,
    string Program,
    string ModelVersion
);

/// <summary>A partition's shard.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Node">The node that serves it; absent while none says so.</param>
/// <param name="Lag">Records that were not folded yet when it last said so.</param>
public sealed record ClusterShard(int Partition, string? Node, long? Lag);
