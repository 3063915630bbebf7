using System.Diagnostics.Metrics;
using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Partitions;

namespace CourseRec.Node.Operations;

/// <summary>What the node itself measures. Sessions, the intake and the log have meters of their own.</summary>
internal sealed class NodeMetrics
{
    private static readonly double[] PushBuckets =
    [
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
    ];
    private readonly Meter _meter;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _pushes;
    private readonly Histogram<double> _latency;

    public NodeMetrics(CourseCatalogue catalogue, SessionHost sessions, IMeterFactory meters)
    {
        _meter = meters.Create("CourseRec.Node");
        _refused = _meter.CreateCounter<long>(
            "courserec.requests.refused",
            "{request}",
            "Requests and hub calls refused because of overload (busy), or because the log or the store could not be "
                + "used (unavailable)."
        );
        _pushes = _meter.CreateCounter<long>("courserec.pushes", "{list}", "Lists sent to watching users.");
        _latency = _meter.CreateHistogram<double>(
            "courserec.push.latency",
            "s",
            "From the acceptance of an event to the end of the push that it caused.",
            advice: new() { HistogramBucketBoundaries = PushBuckets }
        );
        AddShards(sessions);
        AddJudge(sessions);
        _meter.CreateObservableUpDownCounter(
            "courserec.catalogue.courses",
            () => catalogue.Count,
            "{course}",
            "Courses in the catalogue."
        );
    }

    public void Busy() => _refused.Add(1, Tag("reason", "busy"));

    public void Unavailable() => _refused.Add(1, Tag("reason", "unavailable"));

    public void Pushed(double? milliseconds)
    {
        _pushes.Add(1);
        if (milliseconds is { } latency)
            _latency.Record(Math.Max(0, latency) / 1000);
    }

    private void AddShards(SessionHost sessions)
    {
        AddShard(sessions, "lag", "{record}", "Records in the log that are not applied yet.", s => s.Lag);
        AddShard(sessions, "unstored", "{record}", "Records applied, but not stored yet.", s => s.Applied - s.Stored);
        AddShard(sessions, "sessions", "{session}", "Sessions in memory.", s => s.Resident);
        AddShard(sessions, "watched", "{user}", "Users being watched.", s => s.Watched);
        AddShard(sessions, "parked", "{user}", "Users whose records are put aside.", s => s.Parked);
        AddShard(
            sessions,
            "running",
            "{partition}",
            "1 while the partition is served.",
            s => s.State == PartitionState.Running ? 1 : 0
        );
    }

    private void AddShard(
        SessionHost sessions,
        string name,
        string unit,
        string help,
        Func<PartitionStatus, long> value
    ) =>
        _meter.CreateObservableUpDownCounter(
            $"courserec.shard.{name}",
            () => sessions.Shards.Select(s => new Measurement<long>(value(s), Tag("partition", s.Partition))),
            unit,
            help
        );

    private void AddJudge(SessionHost sessions)
    {
        AddJudge(sessions, "events", "{event}", "Judged events in the window.", q => q.Events);
        AddJudge(sessions, "hr10", "1", "HR@10 before learning, over the window.", q => q.HitRate10);
        AddJudge(sessions, "ndcg10", "1", "NDCG@10 before learning, over the window.", q => q.Ndcg10);
        AddJudge(sessions, "mrr", "1", "Mean reciprocal rank before learning, over the window.", q => q.ReciprocalRank);
    }

    private void AddJudge(
        SessionHost sessions,
        string name,
        string unit,
        string help,
        Func<ContenderQuality, double> value
    ) =>
        _meter.CreateObservableGauge(
            $"courserec.judge.{name}",
            () => sessions.Quality.Select(q => new Measurement<double>(value(q), Tag("model", q.Name))),
            unit,
            help
        );

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);
}
