namespace CourseRec.Node.Operations;

/// <summary>Kafka as this node sees it; the counts are of this process.</summary>
/// <param name="Assigned">Partitions that were assigned to it.</param>
/// <param name="Revoked">Partitions that went to another node in good order.</param>
/// <param name="Lost">Partitions that were lost: Kafka had not heard from this node in time.</param>
/// <param name="PausedSeconds">Time in which fetching was paused because records were not taken as fast as they came,
/// over all partitions.</param>
/// <param name="CommitMs">Mean time in which Kafka answered a commit, milliseconds; left out before the first.</param>
/// <param name="Misrouted">Records that were found in a partition that is not their user's, and forwarded.</param>
/// <param name="RetentionNear">Partitions of which records may go before they were folded.</param>
public sealed record LiveKafka(
    long Assigned,
    long Revoked,
    long Lost,
    double PausedSeconds,
    double? CommitMs,
    long Misrouted,
    IReadOnlyList<int> RetentionNear
);
