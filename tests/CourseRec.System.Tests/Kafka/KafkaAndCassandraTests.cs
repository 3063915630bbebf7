using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Kafka;

/// <summary>The promise where both servers are real: the log in Kafka, the sessions in Cassandra.</summary>
[Collection(KafkaCollection.Name)]
public sealed class KafkaAndCassandraTests(SharedKafkaBroker shared) : IAsyncLifetime
{
    private readonly KafkaBroker _broker = shared.Broker;
    private readonly KafkaTopics _topics = new(shared.Broker);
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePorts.One();
    private readonly string _address = $"127.0.0.1:{FreePorts.One()}";
    private CassandraServer _server = null!;

    public async Task InitializeAsync() => _server = await CassandraServer.StartMigratedAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_accepted_event_is_applied_exactly_once_when_node_broker_and_store_end_at_random_moments()
    {
        var node = await StartNodeAsync();
        using var load = new KafkaLoad(node.Url);
        var random = new Random(1);
        await PauseAsync(random);
        await node.EndAsync(Signals.Kill);
        await node.DisposeAsync();
        node = await StartNodeAsync();
        await PauseAsync(random);
        await _server.KillAsync();
        await _server.StartAgainAsync();
        await PauseAsync(random);
        await _broker.StopAsync();
        await _broker.StartAgainAsync();
        await PauseAsync(random);
        Assert.Equal(0, await node.EndAsync(Signals.Terminate));
        await node.DisposeAsync();
        node = await StartNodeAsync();
        await using var last = node;
        await load.FinishAsync(last);
        Assert.Equal(0, await last.EndAsync(Signals.Terminate));
        await _topics.VerifyAsync(_folder.Path, "--cassandra", _server.Address);
    }

    private static Task PauseAsync(Random random) =>
        Task.Delay(TimeSpan.FromMilliseconds(random.Next(300, 2000)), TimeProvider.System);

    private Task<NodeProcess> StartNodeAsync() =>
        _topics.StartNodeAsync(
            _folder.Path,
            _port,
            ["--cassandra", _server.Address, "--cluster-address", _address, "--seeds", _address, .. Patient.Flags]
        );
}
