using System.Diagnostics.Metrics;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Node.Push;

namespace CourseRec.Node.Cluster;

/// <summary>What an operator of several nodes watches: who is there, what is served here, connections that come.</summary>
internal sealed class ClusterMetrics
{
    private readonly Meter _meter;

    public ClusterMetrics(
        ThisNode self,
        SessionHost sessions,
        ClusterMembers members,
        HubAdmission admission,
        IMeterFactory meters
    )
    {
        _meter = meters.Create("CourseRec.Cluster");
        _meter.CreateObservableGauge(
            "courserec.cluster.nodes",
            () =>
                Enum.GetValues<NodeRole>()
                    .Select(role => role.ToString().ToLowerInvariant())
                    .Select(role => new Measurement<int>(
                        members.Count(role),
                        new KeyValuePair<string, object?>("role", role)
                    )),
            "{node}",
            "Members of the cluster, this node among them, by role."
        );
        _meter.CreateObservableGauge(
            "courserec.cluster.unreachable",
            () => members.Unreachable,
            "{node}",
            "Members that can't be reached."
        );
        _meter.CreateObservableUpDownCounter(
            "courserec.cluster.partitions_served",
            () => self.Describe().Partitions.Count,
            "{partition}",
            "Partitions that this node serves: they run here, and that nobody else has them is proven."
        );
        _meter.CreateObservableGauge(
            "courserec.serving.proven",
            () => sessions.IsProven ? 1 : 0,
            "{node}",
            "1 while it is proven that nobody else has this node's partitions; 0: it answers nothing about users."
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
}
