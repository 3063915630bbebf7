using CourseRec.Benchmarks.Online.Streams;
using CourseRec.Models;
using CourseRec.Models.Catalogue;
using CourseRec.Models.Sequential;
using CourseRec.Training.Evaluation;

namespace CourseRec.Benchmarks.Online.Analysis;

/// <summary>
/// From nothing against batch: each user's held-back last course in full ranking, the user's own courses filtered, by
/// what learned online and by what was trained in batch.
/// </summary>
/// <param name="Users">Users judged.</param>
/// <param name="Batch">The batch-trained transformer.</param>
/// <param name="Transformer">The online transformer alone.</param>
/// <param name="Recommender">The whole online recommender, as it serves.</param>
/// <param name="BatchTraining">How the batch model came about.</param>
internal sealed record BatchComparison(
    int Users,
    LeaveOneOutFigures Batch,
    LeaveOneOutFigures Transformer,
    LeaveOneOutFigures Recommender,
    IReadOnlyDictionary<string, string> BatchTraining
)
{
    /// <summary>Evaluates all three.</summary>
    public static BatchComparison Measure(
        HeldBack data,
        SequentialModel transformer,
        ICourseScorer recommender,
        CourseIndex courses,
        SavedSequentialModel batch
    )
    {
        var ids = data.Data.Courses;
        return new(
            data.Split.Judged.Length,
            Evaluate(new SequentialContender(new(batch.Parameters, batch.Version), ids), data.Split),
            Evaluate(new SequentialContender(transformer, ids), data.Split),
            Evaluate(new DatasetScorer(recommender, courses, ids), data.Split),
            batch.Training
        );
    }

    private static LeaveOneOutFigures Evaluate(ICourseScorer scorer, LeaveOneOut split)
    {
        var ranks = Evaluator.Evaluate(scorer, split, new()).Filtered;
        return new(ranks.HitRate(10), ranks.Ndcg(10));
    }
}

/// <summary>Leave-one-out figures.</summary>
/// <param name="HitRate10">HR@10.</param>
/// <param name="Ndcg10">NDCG@10.</param>
internal sealed record LeaveOneOutFigures(double HitRate10, double Ndcg10);
