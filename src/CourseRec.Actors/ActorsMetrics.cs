using System.Diagnostics.Metrics;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;

namespace CourseRec.Actors;

/// <summary>The instruments of the partitions.</summary>
internal static class ActorsMetrics
{
    private static readonly Meter Meter = new("CourseRec.Sessions");

    private static readonly Counter<long> Folded = Meter.CreateCounter<long>(
        "courserec.records.folded",
        "{record}",
        "Log records by what folding them came to."
    );

    private static readonly Counter<long> SessionsStored = Meter.CreateCounter<long>(
        "courserec.sessions.stored",
        "{session}",
        "Session rows written."
    );

    private static readonly Counter<long> DeadLettered = Meter.CreateCounter<long>(
        "courserec.records.dead_lettered",
        "{record}",
        "Records put aside because they can't be folded."
    );

    private static readonly Counter<long> Starts = Meter.CreateCounter<long>(
        "courserec.partition.starts",
        "{partition}",
        "Partitions that were restored here."
    );

    private static readonly Histogram<double> FlushTime = Meter.CreateHistogram<double>(
        "courserec.flush.duration",
        "s",
        "Time to store what a partition changed.",
        advice: new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] }
    );

    private static readonly KeyValuePair<string, object?>[] Outcomes =
    [
        new("outcome", "applied"),
        new("outcome", "late"),
        new("outcome", "skipped"),
        new("outcome", "duplicate"),
        new("outcome", "erased"),
        new("outcome", "parked"),
    ];

    private static long _forwarded;

    static ActorsMetrics() =>
        Meter.CreateObservableCounter(
            "courserec.records.forwarded",
            () => Forwarded,
            "{record}",
            "Misrouted records sent to their user's partition."
        );

    /// <summary>A partition was restored here.</summary>
    public static void Started() => Starts.Add(1);

    /// <summary>Misrouted records that this process sent to their user's partition.</summary>
    public static long Forwarded => Interlocked.Read(ref _forwarded);

    public static void Count(FoldOutcome outcome) => Folded.Add(1, Outcomes[(int)outcome]);

    public static void Flushed(PartitionFlush flush, int forwarded, int dead, TimeSpan elapsed)
    {
        SessionsStored.Add(flush.Sessions.Count);
        Interlocked.Add(ref _forwarded, forwarded);
        DeadLettered.Add(dead);
        FlushTime.Record(elapsed.TotalSeconds);
    }
}
