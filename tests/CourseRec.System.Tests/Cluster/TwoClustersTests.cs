using System.Text.Json;
using CourseRec.SystemTests.Harness;
using CourseRec.SystemTests.Kafka;

namespace CourseRec.SystemTests.Cluster;

/// <summary>
/// Two clusters on one log and one store, by a mistake in their seeds: each takes itself for the owner of everything.
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed class TwoClustersTests(SharedKafkaBroker shared) : IAsyncLifetime
{
    private const int Partitions = 4;
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(90);
    private readonly KafkaTopics _topics = new(shared.Broker);
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _users = [.. Enumerable.Range(0, 40).Select(i => $"u{i}")];
    private CassandraServer _cassandra = null!;
    private NodeCluster _first = null!;
    private NodeCluster _second = null!;

    public async Task InitializeAsync()
    {
        _cassandra = await CassandraServer.StartMigratedAsync();
        _first = ClusterOf("first");
        _second = ClusterOf("second");
    }

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _cassandra.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_partitions_of_the_one_that_began_first_stop_and_say_who_claimed_them()
    {
        var node = await StartAsync(_first, "first");
        using var client = new NodeClient(node.Url);
        await client.PostAsync(Events("before"), CancellationToken.None);
        await AppliedAsync(client, 1);

        var intruder = await StartAsync(_second, "second");
        using var other = new NodeClient(intruder.Url);
        await client.PostAsync(Events("meanwhile"), CancellationToken.None);
        await AppliedAsync(other, 2);

        await Eventually.BecomesAsync(
            client.NotReadyAsync,
            problem => problem is not null && AllClaimed(problem),
            "every partition of the first cluster has stopped, and says why"
        );
        Assert.Equal(Partitions, node.LinesWith("node second has claimed it since").Length);
        Assert.All((await _first.OwnersAsync("first"))!, owner => Assert.Equal("nobody", owner));
        Assert.All((await _second.OwnersAsync("second"))!, owner => Assert.Equal("second", owner));
        Assert.Null(await client.TrySessionAsync(_users[0]));

        Assert.Equal(0, await _first.EndAsync("first", Signals.Terminate));
        Assert.Equal(0, await _second.EndAsync("second", Signals.Terminate));
        await _topics.VerifyAsync(_folder.File("second"), "--cassandra", _cassandra.Address);
    }

    /// <summary>Whether a node is not ready because each of its partitions was claimed by the second cluster.</summary>
    private static bool AllClaimed(string problem)
    {
        var reasons = JsonDocument.Parse(problem).RootElement.GetProperty("reasons").EnumerateArray();
        return reasons.Count() == Partitions
            && reasons
                .Select(reason => reason.GetString()!)
                .All(reason =>
                    reason.Contains("node second has claimed it since", StringComparison.Ordinal)
                    && reason.Contains("two clusters use the same session store", StringComparison.Ordinal)
                );
    }

    private NodeCluster ClusterOf(string node) =>
        new(
            _folder.Path,
            [.. _topics.Flags, .. Patient.Flags, "--no-training", "--cassandra", _cassandra.Address],
            new() { Seeds = [node] }
        );

    private static async Task<NodeProcess> StartAsync(NodeCluster cluster, string id)
    {
        var node = await cluster.StartAsync(id, CancellationToken.None, "--set", $"Log:Partitions={Partitions}");
        await cluster.SettledAsync([id], SettleLimit);
        return node;
    }

    private TestEvent[] Events(string name) =>
        [
            .. _users.Select(user => new TestEvent(
                $"{user}-{name}",
                user,
                $"c-{name}",
                "enroll",
                TimeProvider.System.GetUtcNow()
            )),
        ];

    private async Task AppliedAsync(NodeClient client, int events)
    {
        foreach (var user in _users)
            await Eventually.BecomesAsync(
                () => client.TrySessionAsync(user),
                session => session?.Applied == events,
                $"{user} has {events} events"
            );
    }
}
