namespace CourseRec.Models.Evaluation;

/// <summary>
/// Ranking quality in full ranking: every course that is not filtered competes with the target. Ties count against the
/// target by half (its expected place), so a constant scorer is not rewarded.
/// </summary>
public static class RankingMetrics
{
    /// <summary>The target's rank among all scores, 1 = best. Scores of −∞ do not compete.</summary>
    public static double Rank(ReadOnlySpan<float> scores, int target) => throw new NotImplementedException();

    /// <summary>HR@k of one event: 1 when the rank is at most k.</summary>
    public static double HitRate(double rank, int k) => throw new NotImplementedException();

    /// <summary>NDCG@k of one event with one relevant course: 1 / log2(rank + 1) when the rank is at most k, else 0.</summary>
    public static double Ndcg(double rank, int k) => throw new NotImplementedException();

    /// <summary>Reciprocal rank.</summary>
    public static double ReciprocalRank(double rank) => throw new NotImplementedException();
}
