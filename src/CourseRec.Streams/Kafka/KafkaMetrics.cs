using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Telemetry;

namespace CourseRec.Streams.Kafka;

/// <summary>The instruments of reading, and the same as <see cref="KafkaFigures"/>.</summary>
internal static class KafkaMetrics
{
    private static readonly Meter Meter = new("CourseRec.Kafka");
    private static readonly ConcurrentDictionary<PartitionFetcher, bool> Fetchers = new();

    private static readonly Counter<double> Paused = Meter.CreateCounter<double>(
        "courserec.kafka.paused",
        "s",
        "Time in which fetching a partition was paused, because its records were not taken as fast as they came."
    );

    private static readonly Lock Counting = new();
    private static KafkaFigures _figures = new(TimeSpan.Zero, 0, TimeSpan.Zero, []);

    static KafkaMetrics()
    {
        Meter.CreateObservableUpDownCounter(
            "courserec.kafka.lag",
            () => Followed().Select(p => new Measurement<long>(p.Lag, Tag(p.Number))),
            "{record}",
            "Records in the partition that were not taken yet."
        );
        Meter.CreateObservableUpDownCounter(
            "courserec.kafka.retention.near",
            () => Followed().Select(p => new Measurement<int>(p.IsRetentionNear ? 1 : 0, Tag(p.Number))),
            "{partition}",
            "1 while the topic may soon drop records of the partition that were not taken yet."
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
                    RetentionNear = [.. Followed().Where(p => p.IsRetentionNear).Select(p => p.Number)],
                };
        }
    }

    public static void Add(PartitionFetcher fetcher) => Fetchers.TryAdd(fetcher, true);

    public static void Remove(PartitionFetcher fetcher) => Fetchers.TryRemove(fetcher, out _);

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

    private static IEnumerable<FollowedPartition> Followed() => Fetchers.Keys.SelectMany(fetcher => fetcher.Followed);

    private static void Change(Func<KafkaFigures, KafkaFigures> change)
    {
        lock (Counting)
            _figures = change(_figures);
    }

    private static KeyValuePair<string, object?> Tag(int partition) => new("partition", partition);
}
