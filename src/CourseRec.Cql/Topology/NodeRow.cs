using System.Net;

namespace CourseRec.Cql.Topology;

/// <summary>A node as <c>system.local</c> or <c>system.peers</c> describes it.</summary>
/// <param name="Id">Its host id, which outlives its address.</param>
/// <param name="Address">Where it takes requests; null for the node that was asked.</param>
/// <param name="DataCentre">Its data centre.</param>
/// <param name="Tokens">Its places on the ring.</param>
/// <param name="SchemaVersion">The schema it has.</param>
internal sealed record NodeRow(Guid Id, IPAddress? Address, string DataCentre, long[] Tokens, Guid SchemaVersion);

/// <summary>The cluster as one node sees it.</summary>
/// <param name="Cluster">Its name.</param>
/// <param name="Release">The asked node's release.</param>
/// <param name="Partitioner">The partitioner's class.</param>
/// <param name="Nodes">All nodes, the asked one first.</param>
internal sealed record ClusterView(string Cluster, string Release, string Partitioner, IReadOnlyList<NodeRow> Nodes)
{
    public NodeRow Asked => Nodes[0];
}
