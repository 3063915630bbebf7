using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using CourseRec.Cli;
using CourseRec.Node.Cluster;
using CourseRec.Node.Http;

namespace CourseRec.Benchmarks.Harness;

/// <summary>Nodes of one cluster, each a real process that keeps its id, folder and port over its lives.</summary>
/// <param name="folder">Where their folders are made.</param>
/// <param name="flags">What every node is told: the servers', and more.</param>
internal sealed class LocalCluster(string folder, string[] flags) : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<string, LocalNode> _nodes = [];
    private readonly Dictionary<string, Uri> _urls = [];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>The nodes that run, frozen ones too, by id.</summary>
    public IReadOnlyDictionary<string, LocalNode> Nodes => _nodes;

    /// <summary>Where a node listens, whenever it runs.</summary>
    public Uri UrlOf(string id)
    {
        lock (_urls)
        {
            if (!_urls.TryGetValue(id, out var url))
                _urls[id] = url = FreePorts.NextUrl();
            return url;
        }
    }

    /// <summary>A node's folder.</summary>
    public string DataDirOf(string id) => Path.Combine(folder, id);

    /// <summary>Starts a node, and waits until it is ready.</summary>
    /// <exception cref="CliException">It did not start.</exception>
    public async Task StartAsync(string id, CancellationToken cancel, params string[] more) =>
        _nodes[id] = await LocalNode.StartAsync(
            DataDirOf(id),
            UrlOf(id),
            ["--no-simulation", "--set", $"Cluster:NodeId={id}", .. flags, .. more],
            cancel
        );

    /// <summary>Ends a node with a signal. Answers the exit code.</summary>
    public async Task<int> EndAsync(string id, int signal)
    {
        if (!_nodes.TryRemove(id, out var node))
            throw new ArgumentException($"{id} does not run.", nameof(id));
        await using (node)
            return await node.EndAsync(signal);
    }

    /// <summary>The cluster as a node sees it; null when it does not say.</summary>
    public async Task<ClusterReport?> ReadAsync(string id, CancellationToken cancel)
    {
        try
        {
            var json = await _http.GetByteArrayAsync(new Uri(UrlOf(id), "v1/cluster"), cancel);
            return JsonSerializer.Deserialize(json, NodeJson.Readable.ClusterReport);
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
    /// <exception cref="CliException">It did not come to that in time; the message says what was seen last.</exception>
    public async Task SettledAsync(IReadOnlyCollection<string> owners, TimeSpan limit, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        while (await SeenOtherwiseAsync(owners, cancel) is { } seen)
        {
            if (Stopwatch.GetElapsedTime(began) > limit)
                throw new CliException(
                    $"{string.Join(", ", owners.Order())} did not come to serve every partition in {limit.TotalSeconds} s; seen last: {seen}."
                );
            await Task.Delay(Poll, TimeProvider.System, cancel);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values)
            await node.DisposeAsync();
        _http.Dispose();
    }

    /// <summary>What a node sees that is not so; null when all see the same, and that.</summary>
    private async Task<string?> SeenOtherwiseAsync(IReadOnlyCollection<string> owners, CancellationToken cancel)
    {
        var asked = _nodes.Where(node => !node.Value.IsFrozen).Select(node => node.Key).Order().ToArray();
        var reports = await Task.WhenAll(asked.Select(id => ReadAsync(id, cancel)));
        var seen = reports.Select(report => report?.Shards.Select(shard => shard.Node ?? "nobody").ToArray()).ToArray();
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
