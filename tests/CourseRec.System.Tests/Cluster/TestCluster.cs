using System.Net;
using CourseRec.SystemTests.Harness;
using CourseRec.SystemTests.Kafka;

namespace CourseRec.SystemTests.Cluster;

/// <summary>
/// Three nodes, a, b and c, and a gateway d that forwards and waits a second for an owner, on one broker and one
/// Cassandra.
/// </summary>
public class TestCluster(SharedKafkaBroker shared) : IAsyncLifetime
{
    /// <summary>Partitions of the log.</summary>
    public const int Partitions = 4;

    private readonly KafkaTopics _topics = new(shared.Broker);
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, int> _ports = [];
    private CassandraServer _cassandra = null!;

    /// <summary>The nodes that run, by id.</summary>
    internal Dictionary<string, NodeProcess> Nodes { get; } = [];

    public async Task InitializeAsync()
    {
        _cassandra = await MigratedCassandra.StartAsync();
        await StartNodesAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var node in Nodes.Values)
            await node.DisposeAsync();
        await _cassandra.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Halts Cassandra, and with it the directory; disposing of the answer lets it go on.</summary>
    internal IDisposable HaltCassandra() => new Halt(_cassandra);

    /// <summary>Starts a node that learns nothing; one that ran before is where it was.</summary>
    internal Task<NodeProcess> StartAsync(string id, params string[] flags) =>
        StartLearningAsync(id, ["--no-training", .. flags]);

    /// <summary>Starts a node; one that ran before is where it was.</summary>
    internal async Task<NodeProcess> StartLearningAsync(string id, params string[] flags)
    {
        if (!_ports.TryGetValue(id, out var port))
            _ports[id] = port = FreePorts.One();
        var node = await _topics.StartLearningNodeAsync(
            FolderOf(id),
            port,
            ["--cassandra", _cassandra.Address, "--set", $"Cluster:NodeId={id}", .. flags]
        );
        lock (Nodes)
            Nodes[id] = node;
        return node;
    }

    /// <summary>A node's data folder.</summary>
    internal string FolderOf(string id) => Path.Combine(_folder.Path, id);

    /// <summary>Ends a node with a signal. Answers the exit code.</summary>
    internal async Task<int> EndAsync(string id, int signal)
    {
        Nodes.Remove(id, out var node);
        await using (node)
            return await node!.EndAsync(signal);
    }

    /// <summary>
    /// Waits until each of the nodes that run sees every partition served, by all of these and nobody else.
    /// </summary>
    internal Task SettledAsync(params string[] owners) =>
        Eventually.BecomesAsync(
            async () =>
            {
                var seen = await Task.WhenAll(Nodes.Values.Select(ShardsAsync));
                return string.Join(" | ", seen.Select(shards => string.Join(' ', shards)));
            },
            state =>
                state
                    .Split(" | ")
                    .All(shards =>
                        shards.Split(' ').Order().Distinct().SequenceEqual(owners.Order())
                        && shards.Split(' ').Length == Partitions
                    ),
            $"the partitions are served by {string.Join(", ", owners)}"
        );

    /// <summary>The node that serves a user, as another one sees it.</summary>
    internal async Task<string> OwnerOfAsync(string user, NodeProcess seenBy)
    {
        using var client = new NodeClient(seenBy.Url);
        var session = await client.GetAsync($"v1/users/{user}");
        return (await ShardsAsync(seenBy))[session.GetProperty("partition").GetInt32()];
    }

    /// <summary>Stops every node, folds the log again and compares; starts them again.</summary>
    internal async Task EndAndVerifyAsync()
    {
        foreach (var id in Nodes.Keys.ToArray())
            Assert.Equal(0, await EndAsync(id, Signals.Terminate));
        await _topics.VerifyAsync(FolderOf("a"), "--cassandra", _cassandra.Address);
        await StartNodesAsync();
    }

    /// <summary>Starts the nodes, and waits until they have shared the partitions.</summary>
    protected virtual async Task StartNodesAsync()
    {
        await StartAsync("a");
        await SettledAsync("a");
        await StartOthersAsync();
    }

    private async Task StartOthersAsync()
    {
        string[] forwards =
        [
            "--roles",
            "gateway",
            "--set",
            "Cluster:Routing=forward",
            "--set",
            "Cluster:WaitForOwner=1s",
        ];
        await Task.WhenAll(StartAsync("b"), StartAsync("c"), StartAsync("d", forwards));
        await SettledAsync("a", "b", "c");
    }

    /// <summary>The node that serves each partition, as a node sees it; nothing while it can't say.</summary>
    private static async Task<string[]> ShardsAsync(NodeProcess node)
    {
        using var client = new NodeClient(node.Url);
        if (await client.StatusAsync("v1/cluster") != HttpStatusCode.OK)
            return [];
        var shards = (await client.GetAsync("v1/cluster")).GetProperty("shards").EnumerateArray();
        return [.. shards.Select(s => s.TryGetProperty("node", out var owner) ? owner.GetString()! : "nobody")];
    }

    private sealed class Halt : IDisposable
    {
        private readonly CassandraServer _server;

        public Halt(CassandraServer server)
        {
            _server = server;
            server.Freeze();
        }

        public void Dispose() => _server.Thaw();
    }
}
