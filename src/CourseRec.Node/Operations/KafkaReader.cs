using System.Globalization;

namespace CourseRec.Node.Operations;

/// <summary>Puts <see cref="LiveKafka"/> together from the instruments of the log and the shards.</summary>
internal sealed class KafkaReader(MetricsCollector metrics)
{
    public LiveKafka Read()
    {
        var (commits, seconds) = metrics.Totals("courserec_kafka_commit_duration_seconds");
        var rebalances = metrics.Values("courserec_kafka_rebalances_total");
        return new(
            (long)rebalances.GetValueOrDefault("kind=\"assigned\""),
            (long)rebalances.GetValueOrDefault("kind=\"revoked\""),
            (long)rebalances.GetValueOrDefault("kind=\"lost\""),
            Math.Round(metrics.Values("courserec_kafka_paused_seconds_total").Values.Sum(), 1),
            commits > 0 ? Math.Round(seconds / commits * 1000, 1) : null,
            (long)metrics.Values("courserec_records_forwarded_total").Values.Sum(),
            [
                .. metrics
                    .Values("courserec_kafka_retention_near")
                    .Where(p => p.Value > 0)
                    .Select(p => PartitionOf(p.Key))
                    .Order(),
            ]
        );
    }

    private static int PartitionOf(string labels) =>
        int.Parse(labels.AsSpan("partition=\"".Length).TrimEnd('"'), CultureInfo.InvariantCulture);
}
