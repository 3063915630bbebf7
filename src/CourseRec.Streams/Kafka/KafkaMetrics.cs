using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace CourseRec.Streams.Kafka;

/// <summary>The instruments of the consumption.</summary>
internal static class KafkaMetrics
{
    private static readonly Meter Meter = new("CourseRec.Kafka");
    private static readonly ConcurrentDictionary<GroupMember, bool> Members = new();

    private static readonly Counter<long> Rebalances = Meter.CreateCounter<long>(
        "courserec.kafka.rebalances",
        "{partition}",
        "Partitions that were assigned, revoked or lost."
    );

    private static readonly Counter<double> Paused = Meter.CreateCounter<double>(
        "courserec.kafka.paused",
        "s",
        "Time in which fetching a partition was paused, because its records were not taken as fast as they came."
    );

    private static readonly Histogram<double> CommitTime = Meter.CreateHistogram<double>(
        "courserec.kafka.commit.duration",
        "s",
        "Time in which Kafka answered a commit, which is the proof of membership too."
    );

    static KafkaMetrics()
    {
        Meter.CreateObservableGauge(
            "courserec.kafka.lag",
            () =>
                Members
                    .Keys.SelectMany(member => member.Owned())
                    .Select(p => new Measurement<long>(p.Lag, Tag(p.Number))),
            "{record}",
            "Records in the partition that were not delivered yet."
        );
        Meter.CreateObservableGauge(
            "courserec.kafka.retention.near",
            () =>
                Members
                    .Keys.SelectMany(member => member.Owned())
                    .Select(p => new Measurement<int>(p.IsRetentionNear ? 1 : 0, Tag(p.Number))),
            null,
            "1 while the topic may soon drop records of the partition that were not delivered yet."
        );
    }

    public static void Add(GroupMember member) => Members.TryAdd(member, true);

    public static void Remove(GroupMember member) => Members.TryRemove(member, out _);

    public static void Rebalanced(int partitions, string kind) =>
        Rebalances.Add(partitions, new KeyValuePair<string, object?>("kind", kind));

    public static void WasPaused(int partition, TimeSpan elapsed) => Paused.Add(elapsed.TotalSeconds, Tag(partition));

    public static void Committed(TimeSpan elapsed) => CommitTime.Record(elapsed.TotalSeconds);

    private static KeyValuePair<string, object?> Tag(int partition) => new("partition", partition);
}
