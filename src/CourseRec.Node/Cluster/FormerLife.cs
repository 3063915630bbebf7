using CourseRec.Actors.Ports;
using CourseRec.Node.Options;

namespace CourseRec.Node.Cluster;

/// <summary>
/// A node that was killed is a member of Kafka's group until its session time-out has passed. Who joins before has the whole group wait for that, and
/// nobody's membership is confirmed meanwhile: nodes that are well would stop serving. So a node that finds its last process in the directory, and others
/// that serve, joins when that time is nearly over.
/// </summary>
internal sealed class FormerLife(INodeDirectory directory, ThisNode self, NodeOptions options, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly Uri _url = options.Cluster.Advertise ?? new Uri(ListenAddresses.Split(options.Urls)[0]);

    /// <summary>How long to wait before joining; zero when nobody would be kept from serving.</summary>
    public async Task<TimeSpan> WaitAsync(CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        try
        {
            var serving = (await directory.ListAsync(either.Token)).Where(node => node.Partitions.Count > 0).ToArray();
            return serving.Any(IsThisNode) && !serving.All(IsThisNode)
                ? options.Kafka.SessionTimeout * 5 / 6
                : TimeSpan.Zero;
        }
        catch (Exception)
        {
            // Whatever it is: the directory is a hint, and who can't be seen is not waited for.
            return TimeSpan.Zero;
        }
    }

    private bool IsThisNode(NodeEntry node) =>
        node.Id == self.Id || (Uri.TryCreate(node.Url, UriKind.Absolute, out var url) && url == _url);
}
