using CourseRec.Actors.Ports;
using CourseRec.Node.Options;
using CourseRec.Streams.Kafka;

namespace CourseRec.Node.Kafka;

/// <summary>Opens Kafka as the node's options say.</summary>
internal static class KafkaLogs
{
    /// <summary>The log of a node: of the generation that its session store is pinned to.</summary>
    public static async Task<IInteractionLog> OpenAsync(
        IServiceProvider services,
        Action<string> waiting,
        CancellationToken stop
    )
    {
        var manifest = await services.GetRequiredService<ISessionStore>().ReadManifestAsync(stop);
        return await KafkaLog.OpenAsync(
            OptionsOf(services.GetRequiredService<NodeOptions>(), manifest?.Generation ?? 1),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<KafkaLog>>(),
            stop,
            waiting
        );
    }

    /// <summary>The log's options, of a generation.</summary>
    public static KafkaLogOptions OptionsOf(NodeOptions options, int generation) =>
        new()
        {
            BootstrapServers = options.Kafka.BootstrapServers!,
            Topic = options.Kafka.Topic,
            DeadLetterTopic = options.Kafka.DeadLetterTopic,
            CatalogueTopic = options.Kafka.CatalogueTopic,
            GroupId = options.Kafka.GroupId,
            Generation = generation,
            Partitions = options.Log.Partitions,
            Replication = options.Kafka.Replication,
            SessionTimeout = options.Kafka.SessionTimeout,
            Client = options.Kafka.Client,
        };
}
