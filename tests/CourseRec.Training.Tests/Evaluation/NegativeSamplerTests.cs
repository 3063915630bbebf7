using CourseRec.Training.Data;
using CourseRec.Training.Evaluation;

namespace CourseRec.Training.Tests.Evaluation;

public sealed class NegativeSamplerTests
{
    [Theory]
    [InlineData(NegativeSampling.Popularity)]
    [InlineData(NegativeSampling.Uniform)]
    public void Negatives_are_distinct_and_none_of_the_users_own(NegativeSampling sampling)
    {
        var split = new LeaveOneOut(Samples.Random(1));
        var sampler = new NegativeSampler(split, new(split, sampling), 60, seed: 1);
        foreach (var user in split.Judged)
        {
            var negatives = sampler.Of(user).ToArray();
            Assert.Equal(60, negatives.Distinct().Count());
            Assert.Empty(negatives.Intersect(split.Data.Sequence(user).ToArray()));
        }
    }

    [Fact]
    public void The_same_seed_draws_the_same_and_another_seed_others()
    {
        var split = new LeaveOneOut(Samples.Random(2));
        var weights = new NegativeWeights(split, NegativeSampling.Popularity);
        var user = split.Judged[5];
        int[] Draw(int seed) => [.. new NegativeSampler(split, weights, 20, seed).Of(user)];
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    [Fact]
    public void Where_there_are_too_few_all_are_taken()
    {
        var data = InteractionDataset.Of(
            ["u", "v"],
            ["a", "b", "c", "d", "e"],
            [
                [0, 0, 0, 1],
                [0, 3, 4, 4, 2],
            ]
        );
        var split = new LeaveOneOut(data);
        Assert.Equal([3, 4], Draw(split, NegativeSampling.Popularity));
        Assert.Equal([2, 3, 4], Draw(split, NegativeSampling.Uniform));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Popular_courses_are_drawn_as_often_as_their_share_says(int popularity)
    {
        // Course 1 is taken so much more often by everybody that drawing for user 0, whose own it is, goes by keys.
        var heavy = Enumerable.Repeat(1, 2_000).ToArray();
        int[][] sequences =
        [
            [.. heavy, 1, 1],
            [.. Enumerable.Repeat(2, popularity * 10), 4, 4],
            [.. Enumerable.Repeat(3, 10), 4, 4],
        ];
        var split = new LeaveOneOut(InteractionDataset.Of(["u", "v", "w"], ["a", "b", "c", "d", "e"], sequences));
        var weights = new NegativeWeights(split, NegativeSampling.Popularity);
        var first = Enumerable
            .Range(0, 4_000)
            .Count(seed => new NegativeSampler(split, weights, 1, seed).Of(0)[0] == 2);
        Assert.Equal(popularity / (popularity + 1.0), first / 4_000.0, 0.03);
    }

    private static IEnumerable<int> Draw(LeaveOneOut split, NegativeSampling sampling) =>
        new NegativeSampler(split, new(split, sampling), 100, seed: 1).Of(0).Order();
}
