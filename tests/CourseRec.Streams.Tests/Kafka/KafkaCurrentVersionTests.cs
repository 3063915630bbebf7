using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Tests.Kafka;

/// <summary>
/// The same with what current brokers have: timestamps, the idempotent producer.
/// </summary>
public sealed class KafkaCurrentVersionTests : PartitionReaderContract, IAsyncLifetime
{
    private readonly MockCluster _cluster = new();
    private readonly KafkaTopics _topics;

    public KafkaCurrentVersionTests() => _topics = new(_cluster);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _topics.DisposeAsync();
        _cluster.Dispose();
    }

    protected override async Task<IInteractionLog> OpenAsync() => await _topics.OpenAsync();
}
