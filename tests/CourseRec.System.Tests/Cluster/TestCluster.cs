using CourseRec.SystemTests.Harness;
using CourseRec.SystemTests.Kafka;

namespace CourseRec.SystemTests.Cluster;

/// <summary>
/// Three nodes, a, b and c, and a gateway d that forwards and waits a second for an owner, on one broker and one
/// Cassandra.
/// </summary>
public class TestCluster(SharedKafkaBroker shared) : IAsyncLifetime
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(60);
    private readonly KafkaTopics _topics = new(shared.Broker);
    private readonly TemporaryFolder _folder = new();
    private CassandraServer _cassandra = null!;
    private NodeCluster _cluster = null!;

    /// <summary>The nodes that run, by id.</summary>
    internal IReadOnlyDictionary<string, NodeProcess> Nodes => _cluster.Nodes;

    public async Task InitializeAsync()
    {
        _cassandra = await CassandraServer.StartMigratedAsync();
        _cluster = new(_folder.Path, [.. _topics.Flags, "--cassandra", _cassandra.Address]);
        await StartNodesAsync();
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _cassandra.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Halts Cassandra, and with it the directory; disposing of the answer lets it go on.</summary>
    internal IDisposable HaltCassandra() => new Halt(_cassandra);

    /// <summary>Starts a node that learns nothing; one that ran before is where it was.</summary>
    internal Task<NodeProcess> StartAsync(string id, params string[] flags) =>
        StartLearningAsync(id, ["--no-training", .. flags]);

    /// <summary>Starts a node; one that ran before is where it was.</summary>
    internal Task<NodeProcess> StartLearningAsync(string id, params string[] flags) =>
        _cluster.StartAsync(id, CancellationToken.None, flags);

    /// <summary>A node's data folder.</summary>
    internal string FolderOf(string id) => _cluster.FolderOf(id);

    /// <summary>Ends a node with a signal. Answers the exit code.</summary>
    internal Task<int> EndAsync(string id, int signal) => _cluster.EndAsync(id, signal);

    /// <summary>
    /// Waits until each of the nodes that run sees every partition served, by all of these and nobody else.
    /// </summary>
    internal Task SettledAsync(params string[] owners) => _cluster.SettledAsync(owners, SettleLimit);

    /// <summary>The node that serves a user, as another one sees it.</summary>
    internal async Task<string> OwnerOfAsync(string user, string seenBy)
    {
        using var client = new NodeClient(_cluster.UrlOf(seenBy));
        // A gateway waits a second for an owner, and says then when to ask again.
        var session = await Eventually.SucceedsAsync(() => client.GetAsync($"v1/users/{user}"));
        return (await _cluster.OwnersAsync(seenBy))![session.GetProperty("partition").GetInt32()];
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
