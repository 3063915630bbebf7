namespace CourseRec.Node.Options;

/// <summary>Kafka as the log, instead of the embedded one. Section <c>Kafka</c>.</summary>
public sealed record KafkaOptions
{
    /// <summary>
    /// The brokers to begin with, <c>host:port</c>, several separated by commas; null: the embedded log is used.
    /// </summary>
    public string? BootstrapServers { get; init; }

    /// <summary>
    /// The topic of the interactions; key = user. <see cref="LogOptions.Partitions"/> counts when it has to be
    /// created.
    /// </summary>
    public string Topic { get; init; } = "interactions";

    /// <summary>The topic of the records that can't be folded.</summary>
    public string DeadLetterTopic { get; init; } = "interactions-dead-letter";

    /// <summary>The topic of the courses: one partition, compacted; key = course.</summary>
    public string CatalogueTopic { get; init; } = "catalog";

    /// <summary>
    /// A topic for every changed list of recommendations, key = user, for partner platforms; null: they are not
    /// written.
    /// </summary>
    public string? RecommendationsTopic { get; init; }

    /// <summary>The group that progress is committed for, as lag displays read it; the generation is appended.</summary>
    public string GroupId { get; init; } = "courserec-sessions";

    /// <summary>Replicas of topics that have to be created; -1 leaves it to the broker.</summary>
    [Whole(-1, short.MaxValue)]
    public short Replication { get; init; } = -1;

    /// <summary>
    /// Settings of librdkafka by their own names, as <c>Client:security.protocol=SASL_SSL</c>; they win over
    /// everything here.
    /// </summary>
    public IReadOnlyDictionary<string, string> Client { get; init; } = new Dictionary<string, string>();
}
