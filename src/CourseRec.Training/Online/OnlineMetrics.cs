using System.Diagnostics.Metrics;

namespace CourseRec.Training.Online;

/// <summary>The instruments of online learning.</summary>
internal static class OnlineMetrics
{
    private static readonly Meter Meter = new("CourseRec.Training");

    private static readonly Counter<long> Examples = Meter.CreateCounter<long>(
        "courserec.training.examples",
        "{example}",
        "Examples by what became of them: trained, or dropped because too many waited."
    );

    private static readonly Counter<long> Steps = Meter.CreateCounter<long>(
        "courserec.training.steps",
        "{step}",
        "Optimiser steps."
    );

    private static readonly Counter<long> Models = Meter.CreateCounter<long>(
        "courserec.training.models",
        "{model}",
        "Models by what became of them: served, refused or rolled_back."
    );

    private static readonly Histogram<double> Freshness = Meter.CreateHistogram<double>(
        "courserec.training.freshness",
        "s",
        "Time from an event's acceptance to a served model that has learned it.",
        advice: new() { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2, 3, 4, 5, 7.5, 10, 15, 30, 60] }
    );

    private static readonly Gauge<double> Forgetting = Meter.CreateGauge<double>(
        "courserec.training.forgetting",
        "1",
        "How much worse the serving model ranks old held-out sequences than the frozen one, relative."
    );

    public static void Trained(int examples) =>
        Examples.Add(examples, new KeyValuePair<string, object?>("outcome", "trained"));

    public static void Dropped() => Examples.Add(1, new KeyValuePair<string, object?>("outcome", "dropped"));

    public static void Stepped() => Steps.Add(1);

    public static void Served() => Models.Add(1, new KeyValuePair<string, object?>("outcome", "served"));

    public static void Refused() => Models.Add(1, new KeyValuePair<string, object?>("outcome", "refused"));

    public static void RolledBack() => Models.Add(1, new KeyValuePair<string, object?>("outcome", "rolled_back"));

    public static void Fresh(double seconds) => Freshness.Record(seconds);

    public static void Forgot(double share) => Forgetting.Record(share);
}
