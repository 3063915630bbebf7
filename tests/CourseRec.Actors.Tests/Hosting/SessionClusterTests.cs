using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Push;
using CourseRec.Actors.Tests.Partitions;
using CourseRec.Actors.Tests.Push;
using CourseRec.Persistence.Sqlite;
using CourseRec.Streams.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Actors.Tests.Hosting;

/// <summary>Nodes of one cluster on one log and one store: who serves whom, and what becomes of one's partitions.</summary>
public sealed class SessionClusterTests : IAsyncLifetime
{
    private const int Partitions = 6;
    private static readonly string[] Users = [.. Enumerable.Range(0, 30).Select(i => $"u{i}")];
    private readonly DataFolder _folder = new();
    private readonly List<SessionNode> _nodes = [];
    private readonly EmbeddedLog _log;
    private readonly SqliteSessionStore _store;
    private int _events;

    public SessionClusterTests()
    {
        _log = EmbeddedLog.Open(
            new EmbeddedLogOptions { Path = _folder.Log, Partitions = Partitions },
            TimeProvider.System,
            NullLogger<EmbeddedLog>.Instance
        );
        _store = SqliteSessionStore.Open(new SqliteSessionStoreOptions { Path = _folder.Store });
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        await _log.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_cluster_of_one_serves_all_partitions()
    {
        var node = Assert.Single(await StartAsync(1));
        await AppendAsync();
        await AppliedAsync(node);
        Assert.Equal(Enumerable.Range(0, Partitions), node.Running);
        Assert.All(Enumerable.Range(0, Partitions), partition => Assert.True(node.Host.Serves(partition)));
    }

    [Fact]
    public async Task Three_nodes_share_the_partitions_and_each_answers_about_everybody_and_ranks_by_all()
    {
        var nodes = await StartAsync(3);
        await AppendAsync();
        foreach (var node in nodes)
        {
            await AppliedAsync(node);
            Assert.NotEmpty(node.Running);
            await Eventually.HoldsAsync(() => Popular(node) == "c0 1.000", () => Popular(node));
        }
    }

    [Fact]
    public async Task A_node_that_leaves_hands_its_partitions_over_and_who_watches_elsewhere_goes_on_without_a_break()
    {
        var nodes = await StartAsync(3);
        await AppendAsync();
        await AppliedAsync(nodes[0]);
        var (leaving, staying) = (nodes[2], nodes[..2]);
        var watched = Users.First(user => leaving.Host.Holds(leaving.Host.PartitionOf(user)));
        var client = new TestChannel();
        using var connection = await WatchAsync(nodes[0], watched, client);

        var left = leaving.LeaveAsync();
        do await AppendAsync();
        while (!left.IsCompleted);
        await left;
        await SharedAsync(staying);
        await AppendAsync();
        foreach (var node in staying)
            await AppliedAsync(node);
        await SeesAsync(client, watched, staying[1]);
    }

    [Fact]
    public async Task A_node_that_holds_no_partitions_answers_and_pushes_all_the_same()
    {
        await StartAsync(2);
        var gateway = Make("gateway", Placement.Elsewhere);
        await gateway.StartAsync(_nodes[0]);
        await AppendAsync();
        await AppliedAsync(gateway);
        Assert.Empty(gateway.Host.Shards);
        var client = new TestChannel();
        using var connection = await WatchAsync(gateway, "u1", client);
        await AppendAsync();
        await AppliedAsync(gateway);
        await SeesAsync(client, "u1", gateway);
    }

    [Fact]
    public async Task The_last_node_stops_though_there_are_questions_that_nobody_will_answer()
    {
        var node = Assert.Single(await StartAsync(1));
        var stopped = node.Host.StopAsync(CancellationToken.None).Briefly();
        while (!stopped.IsCompleted)
            await Record.ExceptionAsync(() => node.Host.GetSessionAsync("u1", LogVersion.None, CancellationToken.None));
        await stopped;
        Assert.Empty(node.Host.Shards);
    }

    [Fact]
    public async Task A_node_that_is_cut_off_answers_nothing_before_the_others_answer_for_it_and_ends()
    {
        var nodes = await StartAsync(3, canBeCutOff: true);
        await AppendAsync();
        await AppliedAsync(nodes[0]);
        var (cut, others) = (nodes[2], nodes[..2]);
        int[] lost = [.. cut.Running];
        var user = Users.First(user => lost.Contains(cut.Host.PartitionOf(user)));
        var client = new TestChannel();
        using var connection = await WatchAsync(others[0], user, client);
        foreach (var other in others)
            await Task.WhenAll(cut.CutOffAsync(other), other.CutOffAsync(cut));

        await Eventually.HoldsAsync(() => !lost.Any(cut.Host.Serves), () => cut.Host.Shards);
        Assert.DoesNotContain(lost, partition => others.Any(other => other.Host.Holds(partition)));
        await Assert.ThrowsAsync<NotOwnedException>(() =>
            cut.Host.GetSessionAsync(user, LogVersion.None, CancellationToken.None)
        );
        await Eventually.HoldsAsync(
            () =>
            {
                Assert.DoesNotContain(lost, cut.Host.Serves);
                return lost.All(partition => others.Any(node => node.Host.Serves(partition)));
            },
            () => string.Join(" | ", others.Select(node => string.Join("; ", node.Host.Shards)))
        );
        await AppendAsync();
        foreach (var other in others)
            await AppliedAsync(other);
        await SeesAsync(client, user, others[1]);
        await cut.Actors.WhenTerminated.Briefly();
        await cut.Host.StopAsync(CancellationToken.None).Briefly();
        await SharedAsync(others);
    }

    private async Task<SessionNode[]> StartAsync(int nodes, bool canBeCutOff = false)
    {
        foreach (var i in Enumerable.Range(0, nodes))
            await Make($"node{i}", Placement.Sharded, canBeCutOff).StartAsync(i == 0 ? null : _nodes[0]);
        await SharedAsync(_nodes);
        return [.. _nodes];
    }

    private SessionNode Make(string name, Placement placement, bool canBeCutOff = false)
    {
        _nodes.Add(SessionNode.Make(name, placement, _log, _store, canBeCutOff));
        return _nodes[^1];
    }

    /// <summary>Every partition runs on one of these nodes, and they have as many each.</summary>
    private static Task SharedAsync(IReadOnlyList<SessionNode> nodes) =>
        Eventually.HoldsAsync(
            () =>
                nodes.All(node => node.Running.Count() == Partitions / nodes.Count)
                && nodes.SelectMany(node => node.Running).Order().SequenceEqual(Enumerable.Range(0, Partitions)),
            () => string.Join(" | ", nodes.Select(node => string.Join(' ', node.Running)))
        );

    /// <summary>Each user does something once more.</summary>
    private async Task AppendAsync()
    {
        var records = Users.Select(user => new TestEvent($"{user}-{_events}", user, "c0", Seconds: _events));
        _events++;
        await _log.AppendAsync([.. records.Select(record => record.ToRecord(Partitions))], CancellationToken.None);
    }

    /// <summary>A node's answers about all users come to reflect every event, each of them once.</summary>
    private async Task AppliedAsync(SessionNode node)
    {
        foreach (var user in Users)
            await Eventually.BecomesAsync(
                () =>
                    Eventually.SucceedsAsync(() =>
                        node.Host.GetSessionAsync(user, LogVersion.None, CancellationToken.None)
                    ),
                session => session.Applied == _events,
                $"{user} with {_events} events"
            );
    }

    /// <summary>A client watches a user, as soon as somebody serves the user.</summary>
    private static async Task<PushConnection> WatchAsync(SessionNode node, string user, TestChannel client)
    {
        var connection = await node.Host.ConnectAsync(user, client);
        await Eventually.SucceedsAsync(async () =>
        {
            await connection.SubscribeAsync(3, CancellationToken.None);
            return connection;
        });
        return connection;
    }

    /// <summary>A client comes to see what the user did last, and never saw anything older after that.</summary>
    private static async Task SeesAsync(TestChannel client, string user, SessionNode node)
    {
        var session = await node.Host.GetSessionAsync(user, LogVersion.None, CancellationToken.None);
        await Eventually.HoldsAsync(() => client.Offset == session.Offset, () => client.Last);
        Assert.Equal(client.Lists.Select(list => list.Offset).Order(), client.Lists.Select(list => list.Offset));
    }

    private static string Popular(SessionNode node) =>
        string.Join(
            ", ",
            node.Host.Popular(3)
                .Where(item => item.Score > 0)
                .Select(item => FormattableString.Invariant($"{item.Course} {item.Score:F3}"))
        );
}
