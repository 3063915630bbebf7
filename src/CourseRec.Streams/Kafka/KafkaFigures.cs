namespace CourseRec.Streams.Kafka;

/// <summary>What reading in this process has come to.</summary>
/// <param name="Paused">Time in which fetching was paused, over all partitions.</param>
/// <param name="Commits">Commits that Kafka took.</param>
/// <param name="CommitTime">Time until it had, of all of them.</param>
/// <param name="RetentionNear">Partitions of which records may go before they were folded.</param>
public sealed record KafkaFigures(TimeSpan Paused, long Commits, TimeSpan CommitTime, IReadOnlyList<int> RetentionNear)
{
    /// <summary>As they are now.</summary>
    public static KafkaFigures Now => KafkaMetrics.Figures;
}
