namespace CourseRec.Node.Operations;

/// <summary>Kafka as this node sees it; the counts are of this process.</summary>
/// <param name="PausedSeconds">Time in which fetching was paused because records were not taken as fast as they came,
/// over all partitions.</param>
/// <param name="CommitMs">Mean time in which Kafka answered a commit, milliseconds; left out before the first.</param>
/// <param name="Misrouted">Records that were found in a partition that is not their user's, and forwarded.</param>
/// <param name="RetentionNear">Partitions of which records may go before they were folded.</param>
public sealed record LiveKafka(
    double PausedSeconds,
    double? CommitMs,
    long Misrouted,
    IReadOnlyList<int> RetentionNear
);
