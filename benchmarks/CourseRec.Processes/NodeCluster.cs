using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace CourseRec.Processes;

/// <summary>
/// Nodes of one cluster, each a real process that keeps its id, folder and ports over its lives.
/// </summary>
/// <param name="folder">Where their folders are made.</param>
/// <param name="flags">What every node is told: the servers', and more.</param>
/// <param name="options">How they are run; null: as it comes.</param>
public sealed class NodeCluster(string folder, string[] flags, NodeClusterOptions? options = null) : IAsyncDisposable
{
    /// <summary>The file in a node's folder that keeps what it said, over all its lives.</summary>
    public const string LogName = "output.log";

    private static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RestartLimit = TimeSpan.FromSeconds(60);
    private readonly NodeClusterOptions _options = options ?? new();
    private readonly ConcurrentDictionary<string, NodeProcess> _nodes = [];
    private readonly ConcurrentDictionary<string, Lazy<NodePorts>> _ports = [];
    private readonly ConcurrentQueue<NodeEnd> _ends = [];
    private readonly ConcurrentBag<Task> _supervisors = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly ClusterLinks? _links = options is { CanBeCut: true } ? new() : null;

    /// <summary>The nodes that run now, frozen ones too, by id and in its order.</summary>
    public IReadOnlyDictionary<string, NodeProcess> Nodes =>
        new SortedDictionary<string, NodeProcess>(_nodes, StringComparer.Ordinal);

    /// <summary>Nodes that ended though nobody had told them to, in order.</summary>
    public IReadOnlyCollection<NodeEnd> Ends => _ends;

    /// <summary>What nodes reach each other over.</summary>
    /// <exception cref="InvalidOperationException">They reach each other directly.</exception>
    public ClusterLinks Links => _links ?? throw new InvalidOperationException("These nodes' links can't be cut.");

    /// <summary>Where a node listens, whenever it runs.</summary>
    public Uri UrlOf(string id) => NodeProcess.UrlOf(PortsOf(id).Http);

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
        var node = await NodeProcess.StartProgramAsync(
            Courserec.Launcher,
            FolderOf(id),
            PortsOf(id).Http,
            ["--no-simulation", "--set", $"Cluster:NodeId={id}", .. ClusterFlags(id), .. flags, .. more],
            log,
            cancel,
            process => _links?.Know(id, process)
        );
        _nodes[id] = node;
        if (_options.Supervises)
            _supervisors.Add(SuperviseAsync(id, node, more));
        return node;
    }

    /// <summary>
    /// Ends a node with a signal; one that is being started again is waited for. Answers the exit code.
    /// </summary>
    /// <exception cref="ProcessException">It did not end, or does not run.</exception>
    public async Task<int> EndAsync(string id, int signal)
    {
        NodeProcess? node = null;
        await Patience.UntilAsync(
            () => Task.FromResult(_nodes.TryRemove(id, out node) ? null : "it does not run"),
            $"{id} could not be ended",
            _options.Supervises ? RestartLimit : TimeSpan.Zero,
            _stop.Token
        );
        await using (node)
            return await node!.EndAsync(signal);
    }

    /// <summary>
    /// The node that serves each partition, or <c>nobody</c>, or all that do, as a node sees it; null when it does not
    /// say.
    /// </summary>
    public async Task<string[]?> OwnersAsync(string id, CancellationToken cancel = default) =>
        await ReadAsync(id, cancel) is { } report ? OwnersIn(report) : null;

    /// <summary>
    /// Waits until each node that runs sees all of them as members that are up and can be reached, and every partition
    /// served once, by all of some nodes and nobody else.
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
        await _stop.CancelAsync();
        foreach (var id in _nodes.Keys)
            if (_nodes.TryRemove(id, out var node))
                await node.DisposeAsync();
        await Task.WhenAll(_supervisors);
        if (_links is not null)
            await _links.DisposeAsync();
        _http.Dispose();
        _stop.Dispose();
    }

    private NodePorts PortsOf(string id) => _ports.GetOrAdd(id, _ => new(() => NewPorts(id))).Value;

    private NodePorts NewPorts(string id)
    {
        var listened = FreePorts.One();
        return new(FreePorts.One(), listened, _links?.Open(id, listened) ?? listened);
    }

    private string AddressOf(string id) => Local(PortsOf(id).Reached);

    private string[] ClusterFlags(string id) =>
        [
            "--cluster-address",
            AddressOf(id),
            "--seeds",
            string.Join(',', _options.Seeds.Select(AddressOf)),
            .. _links is null ? (string[])[] : ["--set", $"Cluster:Bind={Local(PortsOf(id).Listened)}"],
        ];

    private static string Local(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    /// <summary>Starts a node again that ends and asks for that, until it is told to end.</summary>
    private async Task SuperviseAsync(string id, NodeProcess node, string[] more)
    {
        var code = await node.Ended;
        if (!_nodes.TryRemove(KeyValuePair.Create(id, node)))
            return;
        var end = new NodeEnd(id, Now(), code, node.LastLines);
        _ends.Enqueue(end);
        await node.DisposeAsync();
        while (end.IsStartedAgain && !_stop.IsCancellationRequested)
        {
            try
            {
                await StartAsync(id, _stop.Token, more);
                return;
            }
            catch (ProcessException e)
            {
                _ends.Enqueue(new(id, Now(), null, e.Message));
                await Task.Delay(RestartPause, TimeProvider.System, _stop.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task<JsonNode?> ReadAsync(string id, CancellationToken cancel)
    {
        try
        {
            return JsonNode.Parse(await _http.GetStringAsync(new Uri(UrlOf(id), "v1/cluster"), cancel));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private static string[] OwnersIn(JsonNode report)
    {
        var serving = report["nodes"]!
            .AsArray()
            .Where(node => (bool)node!["reachable"]!)
            .SelectMany(node => node!["partitions"]!.AsArray().Select(p => (Id: (string?)node["id"], Number: (int)p!)))
            .ToLookup(served => served.Number, served => served.Id);
        return
        [
            .. report["shards"]!
                .AsArray()
                .Select(shard => string.Join('+', serving[(int)shard!["partition"]!]))
                .Select(ids => ids.Length == 0 ? "nobody" : ids),
        ];
    }

    /// <summary>What the nodes see when that is not so; null when all see the same, and that.</summary>
    private async Task<string?> SeenOtherwiseAsync(IReadOnlyCollection<string> owners, CancellationToken cancel)
    {
        var asked = _nodes.Where(node => !node.Value.IsFrozen).Select(node => node.Key).Order().ToArray();
        var reports = await Task.WhenAll(asked.Select(id => ReadAsync(id, cancel)));
        var isWhole = reports.All(report => report is not null && IsWhole(report, asked.Length));
        var seen = Array.ConvertAll(reports, report => report is null ? null : OwnersIn(report));
        var first = seen.FirstOrDefault();
        var isSettled =
            isWhole
            && first is not null
            && seen.All(shards => shards!.SequenceEqual(first))
            && first.Distinct().Order().SequenceEqual(owners.Order());
        return isSettled
            ? null
            : string.Join(
                "; ",
                asked.Zip(reports, (id, report) => $"{id}: {(report is null ? "no answer" : Show(report))}{SaidBy(id)}")
            );
    }

    private string SaidBy(string id) => _nodes.TryGetValue(id, out var node) ? $", said last: {node.LastLine}" : "";

    private static bool IsWhole(JsonNode report, int nodes) =>
        report["nodes"]!.AsArray() is var members
        && members.Count == nodes
        && members.All(member => (bool)member!["reachable"]! && (string?)member["status"] == "up");

    private static string Show(JsonNode report) =>
        $"{string.Join(' ', OwnersIn(report))} ({string.Join(", ", report["nodes"]!.AsArray().Select(Describe))})";

    private static string Describe(JsonNode? member) =>
        $"{member!["id"] ?? member["address"]} {member["status"]}{((bool)member["reachable"]! ? "" : ", unreachable")}";

    /// <summary>Where a node listens.</summary>
    /// <param name="Http">For clients.</param>
    /// <param name="Listened">For the other nodes, or their links.</param>
    /// <param name="Reached">Where the other nodes reach it.</param>
    private sealed record NodePorts(int Http, int Listened, int Reached);
}
