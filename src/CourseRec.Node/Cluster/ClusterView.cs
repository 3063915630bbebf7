using CourseRec.Actors.Ports;
using CourseRec.Node.Hosting;
using CourseRec.Node.Options;

namespace CourseRec.Node.Cluster;

/// <summary>
/// The nodes of the cluster as this one last saw them: at most a second old, while the directory answers.
/// </summary>
internal sealed class ClusterView(
    INodeDirectory directory,
    ThisNode self,
    NodeOptions options,
    TimeProvider time,
    ILogger<ClusterView> logger
)
{
    private static readonly TimeSpan LeastAge = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly Lock _reading = new();
    private readonly HashSet<string> _refused = [];
    private Task _next = Task.CompletedTask;
    private volatile bool _isAway;
    private long _readAt = time.GetTimestamp();

    /// <summary>Every entry that there was, also this node's own and its former lives'.</summary>
    public IReadOnlyList<NodeEntry> Entries { get; private set; } = [];

    /// <summary>The other nodes that published an address which is allowed, the latest first.</summary>
    public IReadOnlyList<(NodeEntry Entry, Uri Url)> Others { get; private set; } = [];

    /// <summary>Since when they were last seen, or this node began.</summary>
    public TimeSpan Age => time.GetElapsedTime(Volatile.Read(ref _readAt));

    /// <summary>The node that says it serves a partition, other than this one.</summary>
    public (NodeEntry Entry, Uri Url)? ClaimantOf(int partition) => First(node => node.Claims(partition));

    /// <summary>The other node that meets a condition and published last.</summary>
    public (NodeEntry Entry, Uri Url)? First(Func<NodeEntry, bool> condition)
    {
        foreach (var other in Others)
        {
            if (condition(other.Entry))
                return other;
        }
        return null;
    }

    /// <summary>
    /// Looks again; whoever waits meanwhile shares one look, at most ten a second. When the directory is away, what
    /// was seen last stands.
    /// </summary>
    public Task RefreshAsync(CancellationToken cancel)
    {
        lock (_reading)
        {
            if (_next.IsCompleted)
                _next = ReadAsync();
            return _next.WaitAsync(cancel);
        }
    }

    private async Task ReadAsync()
    {
        await Task.Delay(LeastAge, time);
        try
        {
            using var patience = new CancellationTokenSource(Patience, time);
            Entries = await directory.ListAsync(patience.Token);
            Others = [.. Entries.Where(node => node.Id != self.Id).Select(Allowed).OfType<(NodeEntry, Uri)>()];
            Volatile.Write(ref _readAt, time.GetTimestamp());
            if (_isAway)
                NodeLog.DirectoryBack(logger);
            _isAway = false;
        }
        catch (Exception e)
        {
            // Whatever it is: it is a hint, and what was seen last serves as one.
            if (!_isAway)
                NodeLog.DirectoryAway(logger, e.Message);
            _isAway = true;
        }
    }

    private (NodeEntry, Uri)? Allowed(NodeEntry node)
    {
        if (Uri.TryCreate(node.Url, UriKind.Absolute, out var url) && options.Cluster.Allows(url))
            return (node, url);
        if (_refused.Add(node.Id))
            NodeLog.NodeNotAllowed(logger, node.Id, node.Url ?? "no address");
        return null;
    }
}
