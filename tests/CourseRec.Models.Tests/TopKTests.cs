using FsCheck.Xunit;

namespace CourseRec.Models.Tests;

public sealed class TopKTests
{
    [Property(MaxTest = 500, Arbitrary = [typeof(AnyScores)])]
    public void The_best_k_agree_with_sorting(float[] scores, byte k)
    {
        var best = new int[k % 40];
        var expected = Enumerable
            .Range(0, scores.Length)
            .Where(i => scores[i] > float.NegativeInfinity)
            .OrderByDescending(i => scores[i])
            .ThenBy(i => i)
            .Take(best.Length);
        var found = TopK.Select(scores, best);
        Assert.Equal(expected, best[..found]);
    }
}
