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
    private readonly TemporaryFolder _folder = new();
    private readonly KafkaTopics _topics = new(shared.Broker);
    private CassandraServer _cassandra = null!;
    private CassandraSessionStore _store = null!;

    public async Task InitializeAsync()
    {
        _cassandra = await CassandraServer.StartMigratedAsync();
        _store = CassandraSessionStore.Open(
            new() { Cluster = new() { ContactPoints = [_cassandra.Address] } },
            TimeProvider.System,
            NullLogger.Instance
        );
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _cassandra.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_node_of_other_rules_or_an_older_program_is_refused_and_the_first_goes_on()
    {
        await using var first = await StartAsync("a");
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
        await FoldAsync(first, "two", 2);
        Assert.Equal(0, await first.EndAsync(Signals.Terminate));
    }

    [Fact]
    public async Task Two_nodes_read_each_others_sessions_while_the_format_is_raised()
    {
        await using (var first = await StartAsync("a"))
        {
            await FoldAsync(first, "begin", 0);
            Assert.Equal(0, await first.EndAsync(Signals.Terminate));
        }
        var pinned = (await _store.ReadManifestAsync(default))!;
        Assert.True(await _store.PinAsync(pinned, pinned with { SessionFormat = 1 }, default));

        await using var a = await StartAsync("a");
        await FoldAsync(a, "one", 1);
        await AssertFormatsAsync(1);
        var b = await StartAsync("b");
        await SharedByAsync(a, 2);
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
        Assert.Equal(0, await b.EndAsync(Signals.Terminate));
        await b.DisposeAsync();
        await SharedByAsync(a, 1);
        await FoldAsync(a, "three", 3);
        await AssertFormatsAsync(1, 2);

        await using (b = await StartAsync("b"))
        {
            await SharedByAsync(a, 2);
            await FoldAsync(b, "four", 4);
            Assert.Equal(0, await a.EndAsync(Signals.Terminate));
            await SharedByAsync(b, 1);
            await FoldAsync(b, "five", 5);
            await AssertFormatsAsync(2);
            Assert.Equal(0, await b.EndAsync(Signals.Terminate));
        }
        await _topics.VerifyAsync(_folder.File("a"), "--cassandra", _cassandra.Address);
    }

    private Task<NodeProcess> StartAsync(string id) =>
        _topics.StartNodeAsync(_folder.File(id), FreePorts.One(), FlagsOf(id));

    private string[] FlagsOf(string id) =>
        ["--cassandra", _cassandra.Address, "--set", $"Cluster:NodeId={id}", "--set", "Log:Partitions=4"];

    /// <summary>Starts a node that is to be refused; answers what it says.</summary>
    private async Task<string> RefusedAsync(string id, params string[] flags)
    {
        var answer = await Courserec.RunAsync([
            "node",
            "--data-dir",
            _folder.File(id),
            "--urls",
            $"http://127.0.0.1:{FreePorts.One()}",
            "--no-simulation",
            "--no-training",
            .. _topics.Flags,
            .. FlagsOf(id),
            .. flags,
        ]);
        Assert.Equal(2, answer.ExitCode);
        return answer.Output + answer.Error;
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

    private static Task SharedByAsync(NodeProcess seenBy, int nodes)
    {
        var client = new NodeClient(seenBy.Url);
        return Eventually.BecomesAsync(
            async () =>
            {
                var shards = (await client.GetAsync("v1/cluster")).GetProperty("shards").EnumerateArray();
                return shards.Select(s => s.TryGetProperty("node", out var owner) ? owner.GetString()! : "").ToArray();
            },
            owners => owners.Length == 4 && owners.All(owner => owner != "") && owners.Distinct().Count() == nodes,
            $"{nodes} nodes serve every partition"
        );
    }
}
