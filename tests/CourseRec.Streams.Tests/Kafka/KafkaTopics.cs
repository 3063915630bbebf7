using System.Collections.Concurrent;
using CourseRec.Streams.Kafka;

namespace CourseRec.Streams.Tests.Kafka;

/// <summary>One test's topics on a broker, and the logs that it opens on them.</summary>
internal sealed class KafkaTopics : IAsyncDisposable
{
    private static int _made;
    private readonly ConcurrentBag<KafkaLog> _logs = [];

    public KafkaTopics(KafkaBroker broker)
        : this(broker.Address, broker.ClientSettings) { }

    public KafkaTopics(MockCluster cluster)
        : this(cluster.BootstrapServers, new Dictionary<string, string>())
    {
        Options = Options with { IsIdentifiedByName = true };
        foreach (var topic in new[] { Options.Topic, Options.DeadLetterTopic, Options.CatalogueTopic })
            cluster.Create(topic);
    }

    private KafkaTopics(string servers, IReadOnlyDictionary<string, string> client)
    {
        var name = $"{Interlocked.Increment(ref _made)}";
        Options = new()
        {
            BootstrapServers = servers,
            Topic = $"interactions-{name}",
            DeadLetterTopic = $"dead-letter-{name}",
            CatalogueTopic = $"catalog-{name}",
            GroupId = $"sessions-{name}",
            Client = client,
        };
    }

    public RecordingLogger<KafkaLog> Logger { get; } = new();

    public KafkaLogOptions Options { get; }

    public Task<KafkaLog> OpenAsync() => OpenAsync(Options);

    public async Task<KafkaLog> OpenAsync(KafkaLogOptions options)
    {
        var opening = KafkaLog.OpenAsync(options, TimeProvider.System, Logger, CancellationToken.None);
        await Eventually.HoldsAsync(() => opening.IsCompleted, () => string.Join('\n', Logger.Messages));
        var log = await opening;
        _logs.Add(log);
        return log;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var log in _logs)
            await log.DisposeAsync();
    }
}
