using CourseRec.Actors.Ports;
using CourseRec.Node.Options;
using CourseRec.Streams.Kafka;

namespace CourseRec.Node.Kafka;

/// <summary>Opens Kafka as the node's options say.</summary>
public static class KafkaLogs
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The log of a node: of the generation that its session store is pinned to. A store that is away is waited for.
    /// </summary>
    public static async Task<IInteractionLog> OpenAsync(
        IServiceProvider services,
        Action<string?> waitsFor,
        CancellationToken stop
    )
    {
        var options = services.GetRequiredService<NodeOptions>();
        var time = services.GetRequiredService<TimeProvider>();
        var manifest = await ReadManifestAsync(services.GetRequiredService<ISessionStore>(), time, waitsFor, stop);
        return await KafkaLog.OpenAsync(
            OptionsOf(options, manifest?.Generation ?? 1),
            time,
            services.GetRequiredService<ILogger<KafkaLog>>(),
            stop,
            problem => waitsFor($"Kafka at {options.Kafka.BootstrapServers} is waited for: {problem}")
        );
    }

    private static async Task<StoreManifest?> ReadManifestAsync(
        ISessionStore store,
        TimeProvider time,
        Action<string?> waitsFor,
        CancellationToken stop
    )
    {
        while (true)
        {
            try
            {
                var manifest = await store.ReadManifestAsync(stop);
                waitsFor(null);
                return manifest;
            }
            catch (StoreUnavailableException e)
            {
                waitsFor(e.Message);
                await Task.Delay(RetryDelay, time, stop);
            }
        }
    }

    /// <summary>The log's options, of a generation.</summary>
    public static KafkaLogOptions OptionsOf(NodeOptions options, int generation) =>
        new()
        {
            BootstrapServers = options.Kafka.BootstrapServers!,
            Topic = options.Kafka.Topic,
            DeadLetterTopic = options.Kafka.DeadLetterTopic,
            CatalogueTopic = options.Kafka.CatalogueTopic,
            GroupId = options.OnlyTrains ? $"{options.Kafka.GroupId}-trainers" : options.Kafka.GroupId,
            Generation = generation,
            Partitions = options.Log.Partitions,
            Replication = options.Kafka.Replication,
            SessionTimeout = options.Kafka.SessionTimeout,
            Client = options.Kafka.Client,
        };
}
