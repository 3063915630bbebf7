using System.Diagnostics.Metrics;
using CourseRec.Actors.Ports;
using CourseRec.Node.Push;

namespace CourseRec.Node.Cluster;

/// <summary>
/// What an operator of several nodes watches: who is there, the ways that requests take, and connections that come and
/// move.
/// </summary>
internal sealed class ClusterMetrics
{
    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _staleHints;

    public ClusterMetrics(
        ThisNode self,
        ClusterView view,
        HubConnections connections,
        HubAdmission admission,
        IMeterFactory meters
    )
    {
        _meter = meters.Create("CourseRec.Cluster");
        _requests = _meter.CreateCounter<long>(
            "courserec.cluster.requests",
            "{request}",
            "Clients' requests about users and their connections, by the way to the user's node."
        );
        _staleHints = _meter.CreateCounter<long>(
            "courserec.cluster.stale_hints",
            "{hint}",
            "Nodes that were asked because they had said that a partition is theirs, and did not serve it or did "
                + "not answer."
        );
        AddNodes(self, view);
        AddConnections(connections, admission);
    }

    /// <summary>A client's request was answered, or goes, this way.</summary>
    public void Went(RequestWay way) => _requests.Add(1, Tag("way", way));

    /// <summary>A node that was asked is not the one.</summary>
    public void HintWasStale() => _staleHints.Add(1);

    private void AddNodes(ThisNode self, ClusterView view)
    {
        _meter.CreateObservableGauge(
            "courserec.cluster.nodes",
            () =>
            {
                NodeEntry[] nodes = [self.Describe(), .. view.Others.Select(other => other.Entry)];
                return Enum.GetValues<NodeRole>()
                    .Select(role => new Measurement<int>(nodes.Count(n => n.Roles.Contains(role)), Tag("role", role)));
            },
            "{node}",
            "Nodes that this one sees, itself among them, by role."
        );
        _meter.CreateObservableUpDownCounter(
            "courserec.cluster.partitions_served",
            () => self.Describe().Partitions.Count,
            "{partition}",
            "Partitions that this node serves: it holds them, and that is proven."
        );
        _meter.CreateObservableGauge(
            "courserec.cluster.directory_age",
            () => view.Age.TotalSeconds,
            "s",
            "Since the node table was last read."
        );
    }

    private void AddConnections(HubConnections connections, HubAdmission admission)
    {
        _meter.CreateObservableCounter(
            "courserec.connections.moved",
            () => connections.Moved,
            "{connection}",
            "Push connections asked to connect again because their partition moved."
        );
        _meter.CreateObservableUpDownCounter(
            "courserec.admission.waiting",
            () => admission.Waiting,
            "{connection}",
            "New push connections that wait for their turn."
        );
        _meter.CreateObservableCounter(
            "courserec.admission.refused",
            () => admission.Refused,
            "{connection}",
            "New push connections that were answered 503 because too many waited."
        );
    }

    private static KeyValuePair<string, object?> Tag<T>(string name, T value)
        where T : struct, Enum => new(name, value.ToString().ToLowerInvariant());
}

/// <summary>How a client's request comes to its user's node.</summary>
internal enum RequestWay
{
    /// <summary>It was sent there.</summary>
    Here,

    /// <summary>This node asks that one.</summary>
    Forwarded,

    /// <summary>The client is told to connect there.</summary>
    Redirected,

    /// <summary>This node carries its WebSocket there.</summary>
    Relayed,

    /// <summary>Not at all: nobody served the user in time.</summary>
    Unserved,
}
