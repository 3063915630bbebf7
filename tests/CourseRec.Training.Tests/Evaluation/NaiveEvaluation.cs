using CourseRec.Models;
using CourseRec.Training.Data;

namespace CourseRec.Training.Tests.Evaluation;

/// <summary>The metrics, computed again by sorting, user by user, without any of the evaluator's code.</summary>
internal static class NaiveEvaluation
{
    /// <summary>HR, NDCG and MRR at k.</summary>
    public static (double Hit, double Ndcg, double Reciprocal) Evaluate(
        InteractionDataset data,
        ICourseScorer scorer,
        int heldOut,
        int k,
        bool filter
    )
    {
        var (users, hit, ndcg, reciprocal) = (0, 0.0, 0.0, 0.0);
        for (var user = 0; user < data.Users.Count; user++)
        {
            var sequence = data.Sequence(user).ToArray();
            if (sequence.Length < 3)
                continue;
            users++;
            var (history, target) = (sequence[..^heldOut], sequence[^heldOut]);
            var scores = new float[scorer.CourseCount];
            scorer.Score(history, scores);
            var candidates = Enumerable
                .Range(0, scorer.CourseCount)
                .Where(course => course == target || !filter || !history.Contains(course))
                .OrderByDescending(course => scores[course])
                .ToList();
            var first = candidates.FindIndex(course => scores[course] == scores[target]) + 1;
            var last = candidates.FindLastIndex(course => scores[course] == scores[target]) + 1;
            var rank = (first + last) / 2.0;
            if (rank > k)
                continue;
            hit++;
            ndcg += Math.Log(2) / Math.Log(rank + 1);
            reciprocal += 1 / rank;
        }
        return (hit / users, ndcg / users, reciprocal / users);
    }
}
