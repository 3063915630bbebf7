namespace CourseRec.Models.Tests;

public sealed class TopKTests
{
    [Fact]
    public void The_best_k_agree_with_sorting()
    {
        var random = new Random(1);
        for (var trial = 0; trial < 500; trial++)
        {
            var scores = new float[random.Next(100)];
            foreach (ref var score in scores.AsSpan())
                score = random.Next(8) switch
                {
                    0 => float.NegativeInfinity,
                    1 => float.NaN,
                    2 => float.PositiveInfinity,
                    _ => random.Next(-5, 5) / 4f,
                };
            var best = new int[random.Next(40)];
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
}
