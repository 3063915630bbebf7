namespace CourseRec.Streams.Kafka;

/// <summary>Which Kafka, which topics, and how this process takes part.</summary>
public sealed record KafkaLogOptions
{
    /// <summary>The brokers to begin with: <c>host:port</c>, several separated by commas.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>The topic of the interactions; key = user. Default interactions.</summary>
    public string Topic { get; init; } = "interactions";

    /// <summary>The topic of the records that can't be folded. Default interactions-dead-letter.</summary>
    public string DeadLetterTopic { get; init; } = "interactions-dead-letter";

    /// <summary>
    /// The topic of the courses, compacted; key = course. Only its partition 0 is used. Default catalog.
    /// </summary>
    public string CatalogueTopic { get; init; } = "catalog";

    /// <summary>
    /// The consumer group in whose name is committed what is stored, for lag displays. It must have no members. The
    /// generation is appended: each has its own. Default courserec-sessions.
    /// </summary>
    public string GroupId { get; init; } = "courserec-sessions";

    /// <summary>
    /// The log's generation as the session store is pinned to it; 1 for a new store. To open the next one, name the
    /// next one: on a broker without topic ids (before Kafka 2.8) it is a part of the log's identity.
    /// </summary>
    public int Generation { get; init; } = 1;

    /// <summary>Partitions of the interactions when the topic has to be created. Default 4.</summary>
    public int Partitions { get; init; } = 4;

    /// <summary>Replicas of topics that have to be created; -1 leaves it to the broker. Default -1.</summary>
    public short Replication { get; init; } = -1;

    /// <summary>Any setting of librdkafka, TLS and SASL included. Wins over what is set here.</summary>
    public IReadOnlyDictionary<string, string> Client { get; init; } = new Dictionary<string, string>();

    /// <summary>For tests on librdkafka's mock cluster, which describes no topics.</summary>
    internal bool IsIdentifiedByName { get; init; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="KafkaSettingsException">One is out of range; the message names it, its value and what is
    /// allowed.</exception>
    public void Validate()
    {
        RequireName(BootstrapServers, nameof(BootstrapServers), "host:port, several separated by commas");
        RequireName(Topic, nameof(Topic), "a topic's name");
        RequireName(DeadLetterTopic, nameof(DeadLetterTopic), "a topic's name");
        RequireName(CatalogueTopic, nameof(CatalogueTopic), "a topic's name");
        RequireName(GroupId, nameof(GroupId), "a consumer group's name");
        Require(Generation >= 1, nameof(Generation), Generation, "1 and more");
        Require(Partitions is >= 1 and <= 1024, nameof(Partitions), Partitions, "1 to 1024");
        Require(Replication is -1 or >= 1, nameof(Replication), Replication, "-1, or 1 and more");
    }

    private static void RequireName(string value, string option, string allowed) =>
        Require(!string.IsNullOrWhiteSpace(value), option, value, allowed);

    private static void Require(bool holds, string option, object value, string allowed)
    {
        if (!holds)
            throw new KafkaSettingsException($"Kafka:{option} is '{value}'; allowed is {allowed}.");
    }
}

/// <summary>A setting is wrong; the message says which, in librdkafka's words where it is one of its.</summary>
public sealed class KafkaSettingsException(string message, Exception? inner = null) : Exception(message, inner);
