using CourseRec.Actors.Ports;
using CourseRec.Node.Options;

namespace CourseRec.Node.Cluster;

/// <summary>
/// A node that was killed is a member of Kafka's group until its session time-out has passed. Who joins before has the
/// whole group wait for that, and nobody's membership is confirmed meanwhile: nodes that are well would stop serving.
/// So a node that finds its last process in the directory, and others that serve, joins when that time is nearly over.
/// </summary>
internal sealed class FormerLife(ClusterView view, ThisNode self, NodeOptions options)
{
    private readonly Uri _url = options.Cluster.Advertise ?? new Uri(ListenAddresses.Split(options.Urls)[0]);

    /// <summary>How long to wait before joining; zero when nobody would be kept from serving.</summary>
    public async Task<TimeSpan> WaitAsync(CancellationToken stop)
    {
        if (!options.IsClustered)
            return TimeSpan.Zero;
        await view.RefreshAsync(stop);
        var serving = view.Entries.Where(node => node.Partitions.Count > 0).ToArray();
        return serving.Any(IsThisNode) && !serving.All(IsThisNode)
            ? options.Kafka.SessionTimeout * 5 / 6
            : TimeSpan.Zero;
    }

    private bool IsThisNode(NodeEntry node) =>
        node.Id == self.Id || (Uri.TryCreate(node.Url, UriKind.Absolute, out var url) && url == _url);
}
