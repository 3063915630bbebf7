using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace CourseRec.Processes;

/// <summary>Nodes of one cluster, each a real process that keeps its id, folder and port over its lives.</summary>
/// <param name="folder">Where their folders are made.</param>
/// <param name="flags">What every node is told: the servers', and more.</param>
public sealed class NodeCluster(string folder, string[] flags) : IAsyncDisposable
{
    /// <summary>The file in a node's folder that keeps what it said, over all its lives.</summary>
    public const string LogName = "output.log";

    private readonly ConcurrentDictionary<string, NodeProcess> _nodes = [];
    private readonly ConcurrentDictionary<string, int> _ports = [];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>The nodes that run now, frozen ones too, by id and in its order.</summary>
    public IReadOnlyDictionary<string, NodeProcess> Nodes =>
        new SortedDictionary<string, NodeProcess>(_nodes, StringComparer.Ordinal);

    /// <summary>Where a node listens, whenever it runs.</summary>
    public Uri UrlOf(string id) => NodeProcess.UrlOf(PortOf(id));

    /// <summary>A node's folder.</summary>
    public string FolderOf(string id) => Path.Combine(folder, id);

    /// <summary>Starts a node that simulates nobody, and waits until it says where it is.</summary>
    /// <param name="id">Its id; one that ran before is where it was.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="more">What this node is told.</param>
    /// <exception cref="ProcessException">It did not start.</exception>
    public async Task<NodeProcess> StartAsync(string id, CancellationToken cancel, params string[] more)
    {
        var log = Path.Combine(Directory.CreateDirectory(FolderOf(id)).FullName, LogName);
        string[] all = ["--no-simulation", "--set", $"Cluster:NodeId={id}", .. flags, .. more];
        return _nodes[id] = await NodeProcess.StartProgramAsync(
            Courserec.Launcher,
            FolderOf(id),
            PortOf(id),
            all,
            log,
            cancel
        );
    }

    /// <summary>Ends a node with a signal. Answers the exit code.</summary>
    public async Task<int> EndAsync(string id, int signal)
    {
        if (!_nodes.TryRemove(id, out var node))
            throw new ArgumentException($"{id} does not run.", nameof(id));
        await using (node)
            return await node.EndAsync(signal);
    }

    /// <summary>
    /// The node that serves each partition, or <c>nobody</c>, as a node sees it; null when it does not say.
    /// </summary>
    public async Task<string[]?> OwnersAsync(string id, CancellationToken cancel = default)
    {
        try
        {
            var report = JsonNode.Parse(await _http.GetStringAsync(new Uri(UrlOf(id), "v1/cluster"), cancel));
            return [.. report!["shards"]!.AsArray().Select(shard => (string?)shard!["node"] ?? "nobody")];
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>
    /// Waits until each node that runs sees every partition served, by all of some nodes and nobody else.
    /// </summary>
    /// <param name="owners">The nodes to serve; there are as many partitions, or more.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="ProcessException">It did not come to that in time; the message says what was seen.</exception>
    public Task SettledAsync(IReadOnlyCollection<string> owners, TimeSpan limit, CancellationToken cancel = default) =>
        Patience.UntilAsync(
            () => SeenOtherwiseAsync(owners, cancel),
            $"{string.Join(", ", owners.Order())} did not come to serve every partition",
            limit,
            cancel
        );

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values)
            await node.DisposeAsync();
        _http.Dispose();
    }

    private int PortOf(string id) => _ports.GetOrAdd(id, _ => FreePorts.One());

    /// <summary>What the nodes see when that is not so; null when all see the same, and that.</summary>
    private async Task<string?> SeenOtherwiseAsync(IReadOnlyCollection<string> owners, CancellationToken cancel)
    {
        var asked = _nodes.Where(node => !node.Value.IsFrozen).Select(node => node.Key).Order().ToArray();
        var seen = await Task.WhenAll(asked.Select(id => OwnersAsync(id, cancel)));
        var first = seen.FirstOrDefault();
        var isSettled =
            first is not null
            && seen.All(shards => shards is not null && shards.SequenceEqual(first))
            && first.Distinct().Order().SequenceEqual(owners.Order());
        return isSettled
            ? null
            : string.Join(
                "; ",
                asked.Zip(seen, (id, shards) => $"{id}: {(shards is null ? "no answer" : string.Join(' ', shards))}")
            );
    }
}
