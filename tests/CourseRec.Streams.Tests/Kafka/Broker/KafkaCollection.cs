namespace CourseRec.Streams.Tests.Kafka;

/// <summary>One broker for all test classes of the collection; each test uses topics of its own.</summary>
[CollectionDefinition(Name)]
public sealed class KafkaCollection : ICollectionFixture<SharedKafkaBroker>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Kafka";
}

/// <summary>A broker that is there for the whole collection.</summary>
public sealed class SharedKafkaBroker : IAsyncLifetime
{
    private KafkaBroker? _broker;

    /// <summary>The broker.</summary>
    public KafkaBroker Broker => _broker ?? throw new InvalidOperationException("The broker is not started yet.");

    /// <inheritdoc/>
    public async Task InitializeAsync() => _broker = await KafkaBroker.StartAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Broker.DisposeAsync();
}
