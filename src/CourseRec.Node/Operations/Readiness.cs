using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Node.Cluster;
using CourseRec.Node.Hosting;
using CourseRec.Node.Options;

namespace CourseRec.Node.Operations;

/// <summary>Whether the node can serve.</summary>
internal sealed class Readiness(
    CatalogueFollower catalogue,
    SessionHost sessions,
    IInteractionLog log,
    NodeService node,
    ClusterMembers cluster,
    NodeOptions options
)
{
    /// <summary>Why it can't yet; empty when it can.</summary>
    public IReadOnlyList<string> Reasons()
    {
        if (log.Problem is { } problem)
            return [problem];
        if (node.WaitsFor is { } away)
            return [away];
        var reasons = new List<string>();
        if (node.IsLeaving)
            reasons.Add("the node is stopping");
        if (!catalogue.IsReady)
            reasons.Add("the catalogue is being read");
        var shards = sessions.Shards;
        if (
            shards.Count == 0
            && options.Cluster.Has(NodeRole.Session)
            && cluster.Count(SessionCluster.SessionRole) <= 1
        )
            reasons.Add("no partition is assigned yet");
        foreach (var shard in shards.Where(s => s.State != PartitionState.Running))
            reasons.Add(
                shard.State switch
                {
                    PartitionState.Stopped => $"partition {shard.Partition} stopped: {shard.Problem}",
                    PartitionState.Waiting => $"partition {shard.Partition} waits: {shard.Problem}",
                    _ => $"partition {shard.Partition} has {shard.Lag} events to catch up",
                }
            );
        return reasons;
    }
}

/// <summary>The node's health.</summary>
/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
public sealed record Health(string Status);
