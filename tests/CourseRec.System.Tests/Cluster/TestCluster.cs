using CourseRec.SystemTests.Harness;
using CourseRec.SystemTests.Kafka;

namespace CourseRec.SystemTests.Cluster;

/// <summary>
/// Three nodes, a, b and c, and a gateway d that holds no partition, on one broker and one Cassandra. A node that ends
/// by itself and asks for it is started again.
/// </summary>
public class TestCluster(SharedKafkaBroker shared) : IAsyncLifetime
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(90);
    private readonly KafkaTopics _topics = new(shared.Broker);
    private readonly TemporaryFolder _folder = new();
    private CassandraServer _cassandra = null!;
    private NodeCluster _cluster = null!;

    /// <summary>The nodes that run, by id.</summary>
    internal IReadOnlyDictionary<string, NodeProcess> Nodes => _cluster.Nodes;

    /// <summary>Nodes that ended though nobody had told them to, in order.</summary>
    internal IReadOnlyCollection<NodeEnd> Ends => _cluster.Ends;

    /// <summary>What nodes reach each other over.</summary>
    internal ClusterLinks Links => _cluster.Links;

    /// <summary>The nodes that a starting one asks.</summary>
    protected virtual IReadOnlyList<string> Seeds => ["a", "b", "c"];

    /// <summary>What every node is told besides its servers.</summary>
    protected virtual string[] Flags => Patient.Flags;

    public async Task InitializeAsync()
    {
        _cassandra = await CassandraServer.StartMigratedAsync();
        _cluster = new(
            _folder.Path,
            [.. _topics.Flags, "--cassandra", _cassandra.Address, .. Flags],
            new()
            {
                Seeds = Seeds,
                Supervises = true,
                CanBeCut = true,
            }
        );
        await StartNodesAsync();
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _cassandra.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Halts Cassandra; disposing of the answer lets it go on.</summary>
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
    /// Waits until each of the nodes that run sees all of them, and every partition served once, by all of these and
    /// nobody else.
    /// </summary>
    internal Task SettledAsync(params string[] owners) => _cluster.SettledAsync(owners, SettleLimit);

    /// <summary>The node that serves each partition, as a node sees it; null when it does not say.</summary>
    internal Task<string[]?> OwnersAsync(string seenBy) => _cluster.OwnersAsync(seenBy);

    /// <summary>Stops every node, folds the log again and compares; starts them again.</summary>
    internal async Task EndAndVerifyAsync()
    {
        foreach (var id in Nodes.Keys.ToArray())
            Assert.Equal(0, await EndAsync(id, Signals.Terminate));
        await _topics.VerifyAsync(FolderOf("a"), "--cassandra", _cassandra.Address);
        await StartNodesAsync();
    }

    /// <summary>Starts a, b, c and d that do not run, ends any other, and waits until the first three serve.</summary>
    internal async Task RestoreAsync()
    {
        foreach (var id in Nodes.Keys.Except(["a", "b", "c", "d"]))
            await EndAsync(id, Signals.Terminate);
        // One that ended by itself is being started already, and its folder is in use.
        await Eventually.SucceedsAsync(() =>
            Task.WhenAll(
                ((string[])["a", "b", "c", "d"])
                    .Except(Nodes.Keys)
                    .Select(id => id == "d" ? StartAsync(id, "--roles", "gateway") : StartAsync(id))
            )
        );
        await SettledAsync("a", "b", "c");
    }

    /// <summary>Starts the nodes, and waits until they have shared the partitions.</summary>
    protected virtual async Task StartNodesAsync()
    {
        await StartAsync("a");
        await SettledAsync("a");
        await RestoreAsync();
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
