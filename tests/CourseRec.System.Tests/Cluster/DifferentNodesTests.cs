using CourseRec.Actors.Ports;
using CourseRec.Persistence.Cassandra;
using CourseRec.SystemTests.Harness;
using CourseRec.SystemTests.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.SystemTests.Cluster;

/// <summary>
/// Nodes that do not agree meet on one Kafka and one Cassandra: served, or refused, and nobody else is disturbed.
/// </summary>
[Collection(KafkaCollection.Name)]
public sealed class DifferentNodesTests(SharedKafkaBroker shared) : IAsyncLifetime
{
    private const int Users = 16;
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(90);
    private readonly TemporaryFolder _folder = new();
    private readonly KafkaTopics _topics = new(shared.Broker);
    private CassandraServer _cassandra = null!;
    private CassandraSessionStore _store = null!;
    private NodeCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        _cassandra = await CassandraServer.StartMigratedAsync();
        _store = CassandraSessionStore.Open(
            new() { Cluster = new() { ContactPoints = [_cassandra.Address] } },
            TimeProvider.System,
            NullLogger.Instance
        );
        _cluster = new(
            _folder.Path,
            [.. _topics.Flags, .. Patient.Flags, "--no-training", "--cassandra", _cassandra.Address],
            new() { Seeds = ["a"] }
        );
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _store.DisposeAsync();
        await _cassandra.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_node_of_other_rules_or_an_older_program_is_refused_and_the_first_goes_on()
    {
        var first = await StartAsync("a");
        await FoldAsync(first, "one", 1);
        var refused = await RefusedAsync("b", "--set", "Sessions:HistoryLength=20");
        Assert.Contains("\"historyLength\":50", refused);
        Assert.Contains("this node has {\"historyLength\":20", refused);
        Assert.Contains("Configure the same rules", refused);

        // As a newer program's operator does; this one is then the older.
        var pinned = (await _store.ReadManifestAsync(default))!;
        Assert.True(await _store.PinAsync(pinned, pinned with { SessionFormat = 3 }, default));
        Assert.Contains(
            "The session store is pinned to session format 3, this program knows 1 and 2. Use a newer program.",
            await RefusedAsync("b")
        );
        await SharedByAsync(1);
        await FoldAsync(first, "two", 2);
        await EndAsync("a");
    }

    [Fact]
    public async Task Two_nodes_read_each_others_sessions_while_the_format_is_raised()
    {
        await FoldAsync(await StartAsync("a"), "begin", 0);
        await EndAsync("a");
        var pinned = (await _store.ReadManifestAsync(default))!;
        Assert.True(await _store.PinAsync(pinned, pinned with { SessionFormat = 1 }, default));

        var a = await StartAsync("a");
        await FoldAsync(a, "one", 1);
        await AssertFormatsAsync(1);
        var b = await StartAsync("b");
        await SharedByAsync(2);
        await FoldAsync(a, "two", 2);
        await AssertFormatsAsync(1);

        var raised = await Courserec.RunAsync(
            "session",
            "format",
            "--raise",
            "--data-dir",
            _folder.File("operator"),
            "--cassandra",
            _cassandra.Address
        );
        Assert.Equal("Sessions are written in format 2; this program reads 1 and 2.\n", raised.Output);
        await EndAsync("b");
        await SharedByAsync(1);
        await FoldAsync(a, "three", 3);
        await AssertFormatsAsync(1, 2);

        b = await StartAsync("b");
        await SharedByAsync(2);
        await FoldAsync(b, "four", 4);
        await EndAsync("a");
        await SharedByAsync(1);
        await FoldAsync(b, "five", 5);
        await AssertFormatsAsync(2);
        await EndAsync("b");
        await _topics.VerifyAsync(_folder.File("a"), "--cassandra", _cassandra.Address);
    }

    private Task<NodeProcess> StartAsync(string id, params string[] flags) =>
        _cluster.StartAsync(id, CancellationToken.None, ["--set", "Log:Partitions=4", .. flags]);

    private async Task EndAsync(string id) => Assert.Equal(0, await _cluster.EndAsync(id, Signals.Terminate));

    /// <summary>Starts a node that finds out in the cluster that it is refused; answers what it says.</summary>
    private async Task<string> RefusedAsync(string id, params string[] flags)
    {
        var node = await StartAsync(id, flags);
        Assert.Equal(2, await node.Ended.Briefly());
        Assert.Equal(2, await _cluster.EndAsync(id, Signals.Terminate));
        return node.Output;
    }

    /// <summary>Posts an event of every user to a node and waits until everybody's is applied and stored.</summary>
    private async Task FoldAsync(NodeProcess node, string id, int applied)
    {
        using var client = new NodeClient(node.Url);
        if (applied > 0)
            await client.PostAsync(
                [
                    .. Names.Select(user => new TestEvent(
                        $"{user}-{id}",
                        user,
                        id,
                        "enroll",
                        DateTimeOffset.UnixEpoch.AddYears(50)
                    )),
                ],
                CancellationToken.None
            );
        foreach (var user in Names)
            await Eventually.BecomesAsync(
                () => client.TrySessionAsync(user),
                session => session?.Applied == applied,
                $"{user}'s events are applied"
            );
        await Eventually.BecomesAsync(
            async () => await StoredAsync(),
            stored => applied == 0 || stored.All(session => session is not null && AppliedIn(session) >= applied),
            "everything is stored"
        );
    }

    private static IEnumerable<string> Names => Enumerable.Range(0, Users).Select(i => $"u{i}");

    private ValueTask<StoredSession?[]> StoredAsync() => _store.LoadSessionsAsync([.. Names], default);

    private async Task AssertFormatsAsync(params int[] expected)
    {
        var stored = await StoredAsync();
        Assert.Equal(expected, stored.Select(session => (int)session!.Blob.Span[0]).Distinct().Order());
    }

    // Format and version first, then the courses' ids: as many as were enrolled in.
    private static int AppliedIn(StoredSession session) => session.Blob.Span[9];

    /// <summary>Waits until all nodes that run serve, as many as these.</summary>
    private Task SharedByAsync(int nodes)
    {
        Assert.Equal(nodes, _cluster.Nodes.Count);
        return _cluster.SettledAsync([.. _cluster.Nodes.Keys], SettleLimit);
    }
}
