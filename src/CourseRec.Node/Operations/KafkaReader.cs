using CourseRec.Actors.Partitions;
using CourseRec.Streams.Kafka;

namespace CourseRec.Node.Operations;

/// <summary>Puts <see cref="LiveKafka"/> together from what the log and the shards have counted.</summary>
internal static class KafkaReader
{
    public static LiveKafka Read()
    {
        var figures = KafkaFigures.Now;
        return new(
            Math.Round(figures.Paused.TotalSeconds, 1),
            figures.Commits > 0 ? Math.Round(figures.CommitTime.TotalMilliseconds / figures.Commits, 1) : null,
            SessionHost.Forwarded,
            [.. figures.RetentionNear.Order()]
        );
    }
}
