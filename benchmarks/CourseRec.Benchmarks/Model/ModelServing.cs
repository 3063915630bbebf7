using System.Diagnostics;
using System.Text.Json.Nodes;
using CourseRec.Models.Sequential;

namespace CourseRec.Benchmarks.Model;

/// <summary>Ranks full histories with both: the best ten of all courses but the excluded ones, on one thread.</summary>
internal sealed class ModelServing
{
    private const int Best = 10;
    private const int Together = 32;

    private readonly ModelTask _task;
    private readonly SequentialModel _model;
    private readonly SequentialScorer _scorer = new();
    private readonly CourseMask _mask = new();
    private readonly int[] _best = new int[Best];
    private readonly float[] _scores = new float[Best];

    private ModelServing(ModelTask task) => (_task, _model) = (task, new(task.Parameters, "bench"));

    /// <summary>Measures one shape. The peer has loaded the task.</summary>
    public static ServingResult Run(ModelTask task, ModelBenchPlan plan, PyTorchPeer? peer, CancellationToken cancel)
    {
        var own = new ModelServing(task);
        var agreement = peer is null ? null : own.Compare(peer.Ask("rank", ("count", Best)));
        Func<double[]>? Theirs(int batch, bool last) =>
            peer is null
                ? null
                : () =>
                    peer.Time(
                        "serve",
                        ("batch", batch),
                        ("seconds", plan.Serve.TotalSeconds),
                        ("count", Best),
                        ("last", last)
                    );
        var single = ModelRounds.Run(plan.Rounds, cancel, () => own.OneByOne(plan), Theirs(1, false), Theirs(1, true));
        var batched = ModelRounds.Run(plan.Rounds, cancel, () => own.Batched(plan), Theirs(Together, false));
        return new(
            task.Name,
            single[0]!.Median,
            single[0]!.P99,
            PerSecond(batched[0]!),
            agreement is null
                ? null
                : new(
                    single[1]!.Median,
                    single[1]!.P99,
                    single[0]!.FasterThan(single[1]!),
                    single[2]!.Median,
                    single[0]!.FasterThan(single[2]!),
                    PerSecond(batched[1]!),
                    batched[0]!.FasterThan(batched[1]!),
                    agreement
                )
        );
    }

    private static double PerSecond(ModelSample batches) => Together * 1000 / batches.Median;

    private double[] OneByOne(ModelBenchPlan plan) =>
        Measure(
            plan,
            i =>
            {
                var query = i % _task.Histories.Length;
                _scorer.Encode(_model, _task.Histories[query]);
                Top(query, 0);
            }
        );

    private double[] Batched(ModelBenchPlan plan)
    {
        var lengths = Enumerable.Repeat(_task.Shape.MaxHistory, Together).ToArray();
        var batches = _task.Histories.Chunk(Together).Select(batch => batch.SelectMany(h => h).ToArray()).ToArray();
        return Measure(
            plan,
            i =>
            {
                var batch = i % batches.Length;
                _scorer.Encode(_model, batches[batch], lengths);
                for (var s = 0; s < Together; s++)
                    Top(batch * Together + s, s);
            }
        );
    }

    private static double[] Measure(ModelBenchPlan plan, Action<int> answer)
    {
        var times = new List<double>();
        var all = Stopwatch.StartNew();
        while (all.Elapsed < plan.Serve || times.Count == 0)
        {
            var start = Stopwatch.GetTimestamp();
            answer(times.Count);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return [.. times];
    }

    private void Top(int query, int encoded)
    {
        foreach (var course in _task.Excluded[query])
            _mask.Add(course);
        _scorer.Top(encoded, _mask, _best, _scores);
        foreach (var course in _task.Excluded[query])
            _mask.Remove(course);
    }

    /// <summary>Whether PyTorch ranks the same courses, from the same weights.</summary>
    private ServingAgreement Compare(JsonNode theirs)
    {
        var (same, difference) = (0, 0.0);
        for (var query = 0; query < _task.Histories.Length; query++)
        {
            _scorer.Encode(_model, _task.Histories[query]);
            Top(query, 0);
            var rows = theirs["rows"]![query]!.AsArray().Select(row => (int)row! - 1);
            var scores = theirs["scores"]![query]!.AsArray().Select(score => (double)score!);
            same += rows.SequenceEqual(_best) ? 1 : 0;
            difference = Math.Max(difference, scores.Zip(_scores, (a, b) => Math.Abs(a - b)).Max());
        }
        return new(_task.Histories.Length, same, difference);
    }
}

/// <summary>Ranking one shape.</summary>
/// <param name="Shape">Which.</param>
/// <param name="P50Ms">One history, median.</param>
/// <param name="P99Ms">One history, 99th percentile.</param>
/// <param name="BatchedPerSecond">Histories a second, 32 at once.</param>
/// <param name="Peer">PyTorch; null without it.</param>
internal sealed record ServingResult(
    string Shape,
    double P50Ms,
    double P99Ms,
    double BatchedPerSecond,
    ServingPeer? Peer
);

/// <summary>PyTorch's figures and how many times faster CourseRec is.</summary>
/// <param name="P50Ms">One history, median.</param>
/// <param name="P99Ms">One history, 99th percentile.</param>
/// <param name="Ratio">Of the medians.</param>
/// <param name="LastOnlyP50Ms">With the last layer computed at the last token alone, as CourseRec does.</param>
/// <param name="LastOnlyRatio">Against that.</param>
/// <param name="BatchedPerSecond">Histories a second, 32 at once.</param>
/// <param name="BatchedRatio">Of those.</param>
/// <param name="Agreement">Whether both rank the same.</param>
internal sealed record ServingPeer(
    double P50Ms,
    double P99Ms,
    double Ratio,
    double LastOnlyP50Ms,
    double LastOnlyRatio,
    double BatchedPerSecond,
    double BatchedRatio,
    ServingAgreement Agreement
);

/// <summary>Both sides' lists from the same weights.</summary>
/// <param name="Lists">Compared.</param>
/// <param name="Same">Equal, course by course.</param>
/// <param name="LargestDifference">Between two scores at the same rank.</param>
internal sealed record ServingAgreement(int Lists, int Same, double LargestDifference);
