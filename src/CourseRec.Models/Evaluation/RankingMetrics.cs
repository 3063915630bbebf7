using System.Numerics;

namespace CourseRec.Models.Evaluation;

/// <summary>
/// Ranking quality in full ranking: every course that is not filtered competes with the target. Ties count against the
/// target by half (its expected place), so a constant scorer is not rewarded.
/// </summary>
public static class RankingMetrics
{
    /// <summary>
    /// The target's rank among all scores, 1 = best. Scores of −∞ and NaN do not compete; a target that has one of them
    /// comes after every course that competes.
    /// </summary>
    public static double Rank(ReadOnlySpan<float> scores, int target)
    {
        var score = scores[target];
        if (float.IsNaN(score) || float.IsNegativeInfinity(score))
            return 1 + Compare(scores, float.NegativeInfinity).Greater;
        var (greater, equal) = Compare(scores, score);
        return 1 + greater + (equal - 1) / 2.0;
    }

    /// <summary>HR@k of one event: 1 when the rank is at most k.</summary>
    public static double HitRate(double rank, int k) => rank <= k ? 1 : 0;

    /// <summary>
    /// NDCG@k of one event with one relevant course: 1 / log2(rank + 1) when the rank is at most k, else 0.
    /// </summary>
    public static double Ndcg(double rank, int k) => rank <= k ? 1 / Math.Log2(rank + 1) : 0;

    /// <summary>Reciprocal rank.</summary>
    public static double ReciprocalRank(double rank) => 1 / rank;

    private static (int Greater, int Equal) Compare(ReadOnlySpan<float> scores, float score)
    {
        var bound = new Vector<float>(score);
        var (greater, equal) = (Vector<int>.Zero, Vector<int>.Zero);
        var i = 0;
        for (; i <= scores.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var block = new Vector<float>(scores[i..]);
            greater -= Vector.GreaterThan(block, bound);
            equal -= Vector.Equals(block, bound);
        }
        var counts = (Greater: Vector.Sum(greater), Equal: Vector.Sum(equal));
        for (; i < scores.Length; i++)
        {
            counts.Greater += scores[i] > score ? 1 : 0;
            counts.Equal += scores[i] == score ? 1 : 0;
        }
        return counts;
    }
}
