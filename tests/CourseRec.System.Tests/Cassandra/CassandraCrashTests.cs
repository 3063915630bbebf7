using System.Net;
using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Cassandra;

/// <summary>
/// The promise, with the sessions in a real Cassandra: what was accepted is in exactly one session, exactly once.
/// </summary>
public sealed class CassandraCrashTests : IAsyncLifetime
{
    private const int Crashes = 4;
    private const int MaxUnstored = 250;
    private const int Mailbox = 512;
    private const string Partitions = "Log:Partitions=2";

    // The flush under way and what comes after it, each with what one turn of the loop reads.
    private const int MostHeld = 2 * (MaxUnstored + 2048);
    private const int Writers = 2;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly TemporaryFolder _folder = new();
    private int _strangers;
    private CassandraServer _server = null!;

    public async Task InitializeAsync() => _server = await CassandraServer.StartMigratedAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_accepted_event_is_applied_exactly_once_when_the_node_is_killed_at_random_moments()
    {
        using var giveUp = new CancellationTokenSource(Limit);
        using var stop = new CancellationTokenSource();
        var port = FreePorts.One();
        var node = await StartNodeAsync(port);
        try
        {
            var writers = Enumerable.Range(0, Writers).Select(i => new CrashWriter($"w{i}", node.Url, Pause)).ToArray();
            var writing = Task.WhenAll(writers.Select(writer => writer.RunAsync(stop.Token, giveUp.Token)));
            var random = new Random(1);
            for (var crash = 0; crash < Crashes; crash++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(300, 2500)), TimeProvider.System);
                await node.EndAsync(crash % 2 == 0 ? Signals.Kill : Signals.Terminate);
                await node.DisposeAsync();
                node = await StartNodeAsync(port);
            }
            await stop.CancelAsync();
            await writing;
            await CrashWriter.AssertSessionsAsync(node.Url, writers);
            Assert.Equal(0, await node.EndAsync(Signals.Terminate));
        }
        finally
        {
            await node.DisposeAsync();
        }
        await Courserec.VerifyAsync(_folder.Path, "--cassandra", _server.Address);
    }

    [Fact]
    public async Task The_server_is_stopped_killed_and_frozen_and_the_node_waits_and_goes_on_by_itself()
    {
        using var giveUp = new CancellationTokenSource(Limit);
        using var stop = new CancellationTokenSource();
        await using var node = await StartNodeAsync(
            FreePorts.One(),
            Partitions,
            $"Sessions:MaxUnstored={MaxUnstored}",
            $"Sessions:MailboxRecords={Mailbox}"
        );
        var writer = new CrashWriter("w", node.Url, Pause);
        var writing = writer.RunAsync(stop.Token, giveUp.Token);
        using var client = new NodeClient(node.Url);
        await Eventually.BecomesAsync(client.NotReadyAsync, reason => reason is null, "the node is ready");

        await FailAndRecoverAsync(client, _server.StopAsync, _server.StartAgainAsync);
        await FailAndRecoverAsync(client, _server.KillAsync, _server.StartAgainAsync);
        await FailAndRecoverAsync(client, () => Run(_server.Freeze), () => Run(_server.Thaw));

        await stop.CancelAsync();
        await writing;
        await CrashWriter.AssertSessionsAsync(node.Url, [writer]);
        Assert.NotEmpty(node.LinesWith($"waits: Cassandra ({_server.Address}): "));
        Assert.NotEmpty(node.LinesWith("goes on, after"));
        Assert.Equal(0, await node.EndAsync(Signals.Terminate));
        await Courserec.VerifyAsync(_folder.Path, "--cassandra", _server.Address, "--set", Partitions);
    }

    [Fact]
    public async Task A_node_that_starts_without_its_server_says_so_is_live_and_serves_when_it_comes()
    {
        await _server.StopAsync();
        await using var node = await StartNodeAsync(FreePorts.One());
        using var otherFolder = new TemporaryFolder();
        await using var misled = await StartNodeAsync(otherFolder, FreePorts.One(), "Cassandra:Keyspace=nobodys");
        using var client = new NodeClient(node.Url);
        var line = Assert.Single(
            node.LinesWith("live but not ready"),
            line => line.Contains($"Cassandra ({_server.Address}): ", StringComparison.Ordinal)
        );
        Assert.Contains("refused", line);
        Assert.Equal("live", (await client.GetAsync("health/live")).GetProperty("status").GetString());
        Assert.Contains(_server.Address, await client.NotReadyAsync());
        var writer = new CrashWriter("early", node.Url);
        using var giveUp = new CancellationTokenSource(Limit);
        await writer.RunGroupAsync(giveUp.Token);

        await _server.StartAgainAsync();
        await Eventually.BecomesAsync(client.NotReadyAsync, reason => reason is null, "the node is ready");
        await CrashWriter.AssertSessionsAsync(node.Url, [writer]);
        Assert.Equal(2, await misled.EndAsync());
        var refusal = Assert.Single(misled.LinesWith("sessions stopped, so the node stops"));
        Assert.Contains("The Cassandra keyspace nobodys has no CourseRec schema. Make it: courserec migrate", refusal);
    }

    // While the server is away the partitions wait, and hold no more than their bounds; when it is back everything is
    // stored.
    private async Task FailAndRecoverAsync(NodeClient client, Func<Task> fault, Func<Task> recovery)
    {
        await fault();
        var reason = await Eventually.BecomesAsync(
            client.NotReadyAsync,
            reason => reason?.Contains("waits", StringComparison.Ordinal) == true,
            "a partition waits"
        );
        Assert.Contains(_server.Address, reason);
        var partitions = await Eventually.BecomesAsync(
            client.PartitionsAsync,
            all => all.Any(p => p.End - p.Applied > Mailbox + MostHeld),
            "a partition pauses: the log has more than it may take"
        );
        Assert.All(partitions, p => Assert.InRange(p.Applied - p.Stored, 0, MostHeld));
        Assert.Equal(
            HttpStatusCode.ServiceUnavailable,
            await client.StatusAsync($"v1/users/somebody-new-{++_strangers}")
        );
        await recovery();
        await Eventually.BecomesAsync(client.NotReadyAsync, why => why is null, "the node is ready");
    }

    private Task<NodeProcess> StartNodeAsync(int port, params string[] settings) =>
        StartNodeAsync(_folder, port, settings);

    private Task<NodeProcess> StartNodeAsync(TemporaryFolder folder, int port, params string[] settings) =>
        NodeProcess.StartAsync(
            folder.Path,
            port,
            [
                "--no-simulation",
                "--no-training",
                "--cassandra",
                _server.Address,
                "--set",
                "Cassandra:RequestTimeout=3s",
                .. settings.SelectMany(setting => new[] { "--set", setting }),
            ]
        );

    private static Task Run(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
