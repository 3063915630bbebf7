using Confluent.Kafka;

namespace CourseRec.Streams.Tests.Kafka;

/// <summary>
/// librdkafka's own stand-in for a current Kafka: it has timestamps and the idempotent producer, for which the real
/// broker of the tests is too old. It describes no topics and looks up no times.
/// </summary>
public sealed class MockCluster : IDisposable
{
    private readonly IProducer<byte[], byte[]> _owner;
    private readonly IAdminClient _admin;

    /// <summary>A cluster of three brokers.</summary>
    public MockCluster()
    {
        _owner = new ProducerBuilder<byte[], byte[]>(
            new Dictionary<string, string>
            {
                ["test.mock.num.brokers"] = "3",
                ["bootstrap.servers"] = "mock",
                ["log_level"] = "4",
                ["allow.auto.create.topics"] = "true",
            }
        ).Build();
        _admin = new DependentAdminClientBuilder(_owner.Handle).Build();
        var brokers = _admin.GetMetadata(TimeSpan.FromSeconds(10)).Brokers;
        BootstrapServers = string.Join(',', brokers.Select(broker => $"{broker.Host}:{broker.Port}"));
    }

    /// <summary>Where it listens.</summary>
    public string BootstrapServers { get; }

    /// <summary>Makes a topic of four partitions: the cluster does so when it is asked about one.</summary>
    public void Create(string topic) => _admin.GetMetadata(topic, TimeSpan.FromSeconds(10));

    /// <inheritdoc/>
    public void Dispose()
    {
        _admin.Dispose();
        _owner.Dispose();
    }
}
