using CourseRec.Actors.Learning;
using CourseRec.Models.Catalogue;
using CourseRec.Models.Evaluation;
using CourseRec.Models.Sequential;

namespace CourseRec.Benchmarks.Online.Analysis;

/// <summary>
/// What the model lost of what it knew at the freeze: the sequences, from before it, of users that were never trained
/// on, ranked by the final and by the frozen transformer among the same courses (those known at the freeze, without
/// the user's own).
/// </summary>
internal sealed class Forgetting(TrainedModels models, CourseIndex courses, int seed)
{
    private readonly SequentialCourseScorer _online = new("online", models.Online!, courses);
    private readonly SequentialCourseScorer _frozen = new("frozen", models.Frozen!, courses);

    /// <summary>Compares NDCG@10: final against frozen.</summary>
    /// <param name="old">The sequences; targets that the frozen model does not know are left out.</param>
    public Comparison Measure(IReadOnlyList<Example> old)
    {
        var counted = old.Where(example => _frozen.Knows(example.Target)).ToArray();
        var pairs = new (ulong, double, double)[counted.Length];
        Parallel.For(
            0,
            counted.Length,
            i => pairs[i] = (counted[i].User, Ndcg(_online, counted[i]), Ndcg(_frozen, counted[i]))
        );
        return PairedBootstrap.Compare(pairs, seed);
    }

    private double Ndcg(SequentialCourseScorer scorer, in Example example)
    {
        var scores = new float[scorer.CourseCount];
        scorer.Score(example.Context, scores);
        for (var course = 0; course < scores.Length; course++)
            if (!_frozen.Knows(course))
                scores[course] = float.NegativeInfinity;
        foreach (var seen in example.Context)
            scores[seen] = float.NegativeInfinity;
        return RankingMetrics.Ndcg(RankingMetrics.Rank(scores, example.Target), 10);
    }
}
