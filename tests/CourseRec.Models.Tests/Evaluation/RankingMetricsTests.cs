using CourseRec.Models.Evaluation;
using FsCheck.Xunit;

namespace CourseRec.Models.Tests.Evaluation;

public sealed class RankingMetricsTests
{
    [Property(MaxTest = 2_000, Arbitrary = [typeof(AnyScores)])]
    public void A_rank_agrees_with_counting_one_by_one(float[] scores, float last, byte place)
    {
        scores = [.. scores, last];
        var target = place % scores.Length;
        var mine = float.IsNaN(scores[target]) ? float.NegativeInfinity : scores[target];
        var others = scores.Where((score, i) => i != target && score > float.NegativeInfinity).ToList();
        var expected = 1 + others.Count(score => score > mine) + others.Count(score => score == mine) / 2.0;
        Assert.Equal(expected, RankingMetrics.Rank(scores, target));
    }

    [Fact]
    public void A_constant_scorer_ranks_in_the_middle() => Assert.Equal(51, RankingMetrics.Rank(new float[101], 7));

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 1, 0.5, 1 / 3.0)]
    [InlineData(10, 1, 0.28906482631788782, 0.1)]
    [InlineData(10.5, 0, 0, 1 / 10.5)]
    [InlineData(11, 0, 0, 1 / 11.0)]
    public void The_metrics_of_a_rank_at_ten(double rank, double hitRate, double ndcg, double reciprocal)
    {
        Assert.Equal(hitRate, RankingMetrics.HitRate(rank, 10));
        Assert.Equal(ndcg, RankingMetrics.Ndcg(rank, 10), 12);
        Assert.Equal(reciprocal, RankingMetrics.ReciprocalRank(rank));
    }
}
