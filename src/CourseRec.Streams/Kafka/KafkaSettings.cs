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
    /// The client that fetches what is followed. A group is mandatory; it never joins one, stores no offsets by itself
    /// and never guesses where to begin.
    /// </summary>
    public Dictionary<string, string> Fetcher() => Consumer("courserec-fetcher", queuedKilobytes: 16384);

    /// <summary>A reader of named partitions.</summary>
    /// <param name="group">In whose name it commits, if it does.</param>
    public Dictionary<string, string> Reader(string group) => Consumer(group, queuedKilobytes: 8192);

    private Dictionary<string, string> Consumer(string group, int queuedKilobytes) =>
        Merge(
            new()
            {
                ["group.id"] = group,
                ["enable.auto.commit"] = "false",
                ["enable.auto.offset.store"] = "false",
                ["auto.offset.reset"] = "error",
                ["enable.partition.eof"] = "true",
                ["topic.metadata.refresh.interval.ms"] = "10000",
                ["queued.min.messages"] = "20000",
                ["queued.max.messages.kbytes"] = $"{queuedKilobytes}",
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
}
