using CourseRec.Models.Evaluation;

namespace CourseRec.Training.Evaluation;

/// <summary>
/// Where each judged user's target was ranked, and the metrics over them: means over users, added up in their order.
/// </summary>
public sealed class RankTable
{
    private readonly double[] _ranks;

    internal RankTable(double[] ranks) => _ranks = ranks;

    /// <summary>
    /// The ranks, 1 = best, in the order of <see cref="LeaveOneOut.Judged"/> (of those evaluated); ties count half
    /// (see <see cref="RankingMetrics"/>).
    /// </summary>
    public ReadOnlySpan<double> Ranks => _ranks;

    /// <summary>HR@k: the share of users whose target is among the first k.</summary>
    public double HitRate(int k) => _ranks.Average(rank => RankingMetrics.HitRate(rank, k));

    /// <summary>NDCG@k with one relevant course.</summary>
    public double Ndcg(int k) => _ranks.Average(rank => RankingMetrics.Ndcg(rank, k));

    /// <summary>MRR@k: the mean of 1 / rank, 0 beyond the first k.</summary>
    public double ReciprocalRank(int k) => _ranks.Average(rank => rank <= k ? RankingMetrics.ReciprocalRank(rank) : 0);
}
