using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using CourseRec.Actors.Recommendations;
using CourseRec.Node.Http;
using CourseRec.Node.Options;

namespace CourseRec.Node.Kafka;

/// <summary>
/// Every new list as a record of a topic, key = user, value as the HTTP interface answers it. A list that Kafka does
/// not take in time is dropped and counted: the next one replaces it anyway.
/// </summary>
internal sealed class KafkaRecommendations : IRecommendationOutput, IDisposable
{
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(2);
    private readonly Meter _meter = new("CourseRec.Kafka");
    private readonly Counter<long> _lists;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly string _topic;

    public KafkaRecommendations(KafkaOptions options)
    {
        _topic = options.RecommendationsTopic!;
        _lists = _meter.CreateCounter<long>(
            "courserec.kafka.recommendations",
            "{list}",
            "Lists for the recommendations' topic, by what became of them."
        );
        _producer = new ProducerBuilder<byte[], byte[]>(
            new Dictionary<string, string>
            {
                ["acks"] = "all",
                ["partitioner"] = "murmur2_random",
                ["linger.ms"] = "5",
                ["message.timeout.ms"] = "30000",
                ["queue.buffering.max.messages"] = "20000",
                ["bootstrap.servers"] = options.BootstrapServers!,
            }
                .Concat(options.Client)
                .GroupBy(setting => setting.Key)
                .ToDictionary(setting => setting.Key, setting => setting.Last().Value)
        ).SetLogHandler((_, _) => { }).Build();
    }

    /// <inheritdoc/>
    public int Count => 10;

    /// <inheritdoc/>
    public void Post(RecommendationList list)
    {
        var message = new Message<byte[], byte[]>
        {
            Key = Encoding.UTF8.GetBytes(list.User),
            Value = JsonSerializer.SerializeToUtf8Bytes(list, NodeJson.Readable.RecommendationList),
        };
        try
        {
            _producer.Produce(_topic, message, report => Became(report.Error.IsError ? "dropped" : "written"));
        }
        catch (ProduceException<byte[], byte[]>)
        {
            Became("dropped");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _producer.Flush(FlushTime);
        _producer.Dispose();
        _meter.Dispose();
    }

    private void Became(string outcome) => _lists.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
