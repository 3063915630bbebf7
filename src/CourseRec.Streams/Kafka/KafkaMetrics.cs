using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Telemetry;

namespace CourseRec.Streams.Kafka;

/// <summary>The instruments of the consumption, and the same as <see cref="KafkaFigures"/>.</summary>
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

    private static readonly Lock Counting = new();
    private static KafkaFigures _figures = new(0, 0, 0, TimeSpan.Zero, 0, TimeSpan.Zero, []);

    static KafkaMetrics()
    {
        Meter.CreateObservableUpDownCounter(
            "courserec.kafka.lag",
            () => Owned().Select(p => new Measurement<long>(p.Lag, Tag(p.Number))),
            "{record}",
            "Records in the partition that were not delivered yet."
        );
        Meter.CreateObservableUpDownCounter(
            "courserec.kafka.retention.near",
            () => Owned().Select(p => new Measurement<int>(p.IsRetentionNear ? 1 : 0, Tag(p.Number))),
            "{partition}",
            "1 while the topic may soon drop records of the partition that were not delivered yet."
        );
    }

    /// <summary>The same, for whoever shows it in this process.</summary>
    public static KafkaFigures Figures
    {
        get
        {
            lock (Counting)
                return _figures with
                {
                    RetentionNear = [.. Owned().Where(p => p.IsRetentionNear).Select(p => p.Number)],
                };
        }
    }

    public static void Add(GroupMember member) => Members.TryAdd(member, true);

    public static void Remove(GroupMember member) => Members.TryRemove(member, out _);

    public static void Assigned(int partitions)
    {
        Rebalances.Add(partitions, new KeyValuePair<string, object?>("kind", "assigned"));
        Change(figures => figures with { Assigned = figures.Assigned + partitions });
    }

    public static void Revoked(int partitions)
    {
        Rebalances.Add(partitions, new KeyValuePair<string, object?>("kind", "revoked"));
        Change(figures => figures with { Revoked = figures.Revoked + partitions });
    }

    public static void Lost(int partitions)
    {
        Rebalances.Add(partitions, new KeyValuePair<string, object?>("kind", "lost"));
        Change(figures => figures with { Lost = figures.Lost + partitions });
    }

    public static void WasPaused(int partition, TimeSpan elapsed)
    {
        Paused.Add(elapsed.TotalSeconds, Tag(partition));
        Change(figures => figures with { Paused = figures.Paused + elapsed });
    }

    public static void Committed(string topic, TimeSpan elapsed)
    {
        LogMetrics.Committed(new(KafkaLog.SystemName, topic), elapsed);
        Change(figures => figures with { Commits = figures.Commits + 1, CommitTime = figures.CommitTime + elapsed });
    }

    private static IEnumerable<OwnedPartition> Owned() => Members.Keys.SelectMany(member => member.Owned());

    private static void Change(Func<KafkaFigures, KafkaFigures> change)
    {
        lock (Counting)
            _figures = change(_figures);
    }

    private static KeyValuePair<string, object?> Tag(int partition) => new("partition", partition);
}
