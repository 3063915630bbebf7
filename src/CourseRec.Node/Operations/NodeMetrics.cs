using System.Diagnostics.Metrics;
using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Shards;

namespace CourseRec.Node.Operations;

/// <summary>What the node itself measures. Sessions, the intake and the log have meters of their own.</summary>
internal sealed class NodeMetrics : IDisposable
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
    private readonly Meter _meter = new("CourseRec.Node");
    private readonly Counter<long> _busy;
    private readonly Counter<long> _unavailable;
    private readonly Counter<long> _pushes;
    private readonly Histogram<double> _latency;

    public NodeMetrics(CourseCatalogue catalogue, SessionHost sessions)
    {
        _busy = _meter.CreateCounter<long>(
            "courserec.requests.busy",
            null,
            "Requests refused because of overload (429)."
        );
        _unavailable = _meter.CreateCounter<long>(
            "courserec.requests.unavailable",
            null,
            "Requests refused because the log or the store could not be used (503)."
        );
        _pushes = _meter.CreateCounter<long>("courserec.pushes", null, "Lists sent to watching users.");
        _latency = _meter.CreateHistogram<double>(
            "courserec.push.latency",
            "s",
            "From the acceptance of an event to the end of the push that it caused.",
            advice: new() { HistogramBucketBoundaries = PushBuckets }
        );
        AddShardGauges(sessions);
        AddJudgeGauges(sessions);
        _meter.CreateObservableGauge(
            "courserec.catalogue.courses",
            () => catalogue.Count,
            null,
            "Courses in the catalogue."
        );
    }

    public void Busy() => _busy.Add(1);

    public void Unavailable() => _unavailable.Add(1);

    public void Pushed(double? milliseconds)
    {
        _pushes.Add(1);
        if (milliseconds is { } latency)
            _latency.Record(Math.Max(0, latency) / 1000);
    }

    public void Dispose() => _meter.Dispose();

    private void AddShardGauges(SessionHost sessions)
    {
        AddShardGauge(sessions, "courserec.shard.lag", "Records in the log that are not applied yet.", s => s.Lag);
        AddShardGauge(
            sessions,
            "courserec.shard.unstored",
            "Records applied, but not stored yet.",
            s => s.Applied - s.Stored
        );
        AddShardGauge(sessions, "courserec.shard.sessions", "Sessions in memory.", s => s.Resident);
        AddShardGauge(sessions, "courserec.shard.watched", "Users being watched.", s => s.Watched);
        AddShardGauge(sessions, "courserec.parked.users", "Users whose records are put aside.", s => s.Parked);
        AddShardGauge(
            sessions,
            "courserec.shard.running",
            "1 while the partition is served.",
            s => s.State == ShardState.Running ? 1 : 0
        );
    }

    private void AddShardGauge(SessionHost sessions, string name, string help, Func<ShardStatus, long> value) =>
        _meter.CreateObservableGauge(
            name,
            () => sessions.Shards.Select(s => new Measurement<long>(value(s), Tag("partition", s.Partition))),
            null,
            help
        );

    private void AddJudgeGauges(SessionHost sessions)
    {
        AddJudgeGauge(sessions, "courserec.judge.events", "Judged events in the window.", q => q.Events);
        AddJudgeGauge(sessions, "courserec.judge.hr10", "HR@10 before learning, over the window.", q => q.HitRate10);
        AddJudgeGauge(sessions, "courserec.judge.ndcg10", "NDCG@10 before learning, over the window.", q => q.Ndcg10);
        AddJudgeGauge(
            sessions,
            "courserec.judge.mrr",
            "Mean reciprocal rank before learning, over the window.",
            q => q.ReciprocalRank
        );
    }

    private void AddJudgeGauge(SessionHost sessions, string name, string help, Func<ContenderQuality, double> value) =>
        _meter.CreateObservableGauge(
            name,
            () => sessions.Quality.Select(q => new Measurement<double>(value(q), Tag("model", q.Name))),
            null,
            help
        );

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);
}
