using CourseRec.Node.Options;
using CourseRec.Streams.Kafka;

namespace CourseRec.Node.Kafka;

/// <summary>Kafka as the node's options say.</summary>
public static class KafkaLogs
{
    /// <summary>The log's options.</summary>
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
            Client = options.Kafka.Client,
        };
}
