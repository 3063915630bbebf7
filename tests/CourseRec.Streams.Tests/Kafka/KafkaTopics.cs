using System.Collections.Concurrent;
using CourseRec.Streams.Kafka;

namespace CourseRec.Streams.Tests.Kafka;

/// <summary>One test's topics on a broker, and the logs that it opens on them.</summary>
internal sealed class KafkaTopics : IAsyncDisposable
{
    private static int _made;
    private readonly ConcurrentBag<KafkaLog> _logs = [];

    public KafkaTopics(KafkaBroker broker)
    {
        var name = $"{Interlocked.Increment(ref _made)}";
        Options = new()
        {
            BootstrapServers = broker.BootstrapServers,
            Topic = $"interactions-{name}",
            DeadLetterTopic = $"dead-letter-{name}",
            CatalogueTopic = $"catalog-{name}",
            GroupId = $"sessions-{name}",
            Client = broker.ClientSettings,
        };
    }

    public RecordingLogger<KafkaLog> Logger { get; } = new();

    public KafkaLogOptions Options { get; }

    public Task<KafkaLog> OpenAsync() => OpenAsync(Options);

    public async Task<KafkaLog> OpenAsync(KafkaLogOptions options)
    {
        var log = await KafkaLog.OpenAsync(options, TimeProvider.System, Logger, CancellationToken.None).Briefly();
        _logs.Add(log);
        return log;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var log in _logs)
            await log.DisposeAsync();
    }
}
