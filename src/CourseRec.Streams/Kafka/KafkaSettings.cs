using System.Globalization;

namespace CourseRec.Streams.Kafka;

/// <summary>librdkafka's settings for each of the log's clients. What the operator sets wins.</summary>
internal sealed class KafkaSettings(KafkaLogOptions options)
{
    /// <summary>A call that waits for the broker gives up after this.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The brokers to begin with.</summary>
    public string BootstrapServers => options.Client.GetValueOrDefault("bootstrap.servers", options.BootstrapServers);

    /// <summary>
    /// Whether the broker keeps timestamps (Kafka 0.10 and later): older ones have to be announced to librdkafka.
    /// </summary>
    public bool HasTimestamps { get; } =
        !(
            options.Client.GetValueOrDefault("api.version.request") == "false"
            && options.Client.GetValueOrDefault("broker.version.fallback", "0.10") is var version
            && (
                version.StartsWith("0.8", StringComparison.Ordinal)
                || version.StartsWith("0.9", StringComparison.Ordinal)
            )
        );

    /// <summary>The session time-out that is in force.</summary>
    public TimeSpan SessionTimeout =>
        TimeSpan.FromMilliseconds(int.Parse(Member()["session.timeout.ms"], CultureInfo.InvariantCulture));

    /// <summary>
    /// The producer: all replicas acknowledge, order is kept (idempotence, or one request at a time where the broker
    /// is too old for it), and an append has an answer within 5 s.
    /// </summary>
    public Dictionary<string, string> Producer() =>
        Merge(
            new()
            {
                ["acks"] = "all",
                ["enable.idempotence"] = HasTimestamps ? "true" : "false",
                ["max.in.flight.requests.per.connection"] = HasTimestamps ? "5" : "1",
                ["linger.ms"] = "1",
                ["message.timeout.ms"] = "5000",
                ["queue.buffering.max.messages"] = "500000",
                ["queue.buffering.max.kbytes"] = "65536",
                ["dotnet.producer.delivery.report.fields"] = "none",
            }
        );

    /// <summary>
    /// The member of the consumer group. It stores no offsets by itself and never guesses where to begin. It has no
    /// static id: such a member sends no leave, and its partitions would wait for the session time-out at every
    /// SIGTERM.
    /// </summary>
    public Dictionary<string, string> Member() =>
        Merge(
            new()
            {
                ["group.id"] = $"{options.GroupId}-{options.Generation}",
                ["partition.assignment.strategy"] = "cooperative-sticky",
                ["enable.auto.commit"] = "false",
                ["enable.auto.offset.store"] = "false",
                ["auto.offset.reset"] = "error",
                ["max.poll.interval.ms"] = "30000",
                ["session.timeout.ms"] = ToMilliseconds(options.SessionTimeout),
                ["heartbeat.interval.ms"] = ToMilliseconds(options.SessionTimeout / 12),
                ["topic.metadata.refresh.interval.ms"] = "10000",
                ["queued.min.messages"] = "20000",
                ["queued.max.messages.kbytes"] = "16384",
                ["fetch.queue.backoff.ms"] = "10",
                ["dotnet.consumer.consume.result.fields"] = "timestamp",
            }
        );

    /// <summary>A reader of named partitions, in no group.</summary>
    public Dictionary<string, string> Reader() =>
        Merge(
            new()
            {
                ["group.id"] = "courserec-reader",
                ["enable.auto.commit"] = "false",
                ["enable.auto.offset.store"] = "false",
                ["auto.offset.reset"] = "error",
                ["enable.partition.eof"] = "true",
                ["queued.min.messages"] = "20000",
                ["queued.max.messages.kbytes"] = "8192",
                ["fetch.queue.backoff.ms"] = "10",
                ["dotnet.consumer.consume.result.fields"] = "timestamp",
            }
        );

    private Dictionary<string, string> Merge(Dictionary<string, string> settings)
    {
        settings["bootstrap.servers"] = options.BootstrapServers;
        settings["client.id"] = "courserec";
        settings["reconnect.backoff.max.ms"] = "1000";
        foreach (var (name, value) in options.Client)
            settings[name] = value;
        return settings;
    }

    private static string ToMilliseconds(TimeSpan span) =>
        ((long)span.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
