using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Tests.Kafka;

[Collection(KafkaCollection.Name)]
public sealed class KafkaInteractionLogTests(SharedKafkaBroker kafka) : InteractionLogContract, IAsyncLifetime
{
    private readonly KafkaTopics _topics = new(kafka.Broker);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _topics.DisposeAsync();

    protected override async Task<IInteractionLog> OpenAsync() => await _topics.OpenAsync();
}

[Collection(KafkaCollection.Name)]
public sealed class KafkaPartitionReaderTests(SharedKafkaBroker kafka) : PartitionReaderContract, IAsyncLifetime
{
    private readonly KafkaTopics _topics = new(kafka.Broker);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _topics.DisposeAsync();

    protected override async Task<IInteractionLog> OpenAsync() => await _topics.OpenAsync();
}

[Collection(KafkaCollection.Name)]
public sealed class KafkaCatalogueLogTests(SharedKafkaBroker kafka) : CatalogueLogContract, IAsyncLifetime
{
    private readonly KafkaTopics _topics = new(kafka.Broker);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _topics.DisposeAsync();

    protected override async Task<ICatalogueLog> OpenAsync() => await _topics.OpenAsync();

    protected override async Task CloseAsync() => await _topics.DisposeAsync();
}
