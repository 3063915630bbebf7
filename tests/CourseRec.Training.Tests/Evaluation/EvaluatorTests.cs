using CourseRec.Models;
using CourseRec.Training.Evaluation;

namespace CourseRec.Training.Tests.Evaluation;

public sealed class EvaluatorTests
{
    private static readonly int[] Cuts = [1, 5, 10, 20];

    [Theory]
    [InlineData(EvaluationPart.Test, 1)]
    [InlineData(EvaluationPart.Validation, 2)]
    public void Every_number_is_that_of_a_plain_reimplementation(EvaluationPart part, int heldOut)
    {
        var data = Samples.Random(1);
        var split = new LeaveOneOut(data);
        var (popularity, coVisitation) = TrainedBaselines.Build(split, data.Courses.Count);
        ICourseScorer[] scorers = [popularity, coVisitation, new TiedScorer(120, 9), new TiedScorer(120, 1)];
        foreach (var scorer in scorers)
        {
            var result = Evaluator.Evaluate(scorer, split, new() { Part = part });
            foreach (var k in Cuts)
            {
                AssertSame(NaiveEvaluation.Evaluate(data, scorer, heldOut, k, filter: false), result.Unfiltered, k);
                AssertSame(NaiveEvaluation.Evaluate(data, scorer, heldOut, k, filter: true), result.Filtered, k);
            }
        }
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        var split = new LeaveOneOut(Samples.Random(2));
        var options = new EvaluationOptions { SampledNegatives = 30, Threads = 1 };
        var one = Evaluator.Evaluate(new TiedScorer(120, 50), split, options);
        var four = Evaluator.Evaluate(new TiedScorer(120, 50), split, options with { Threads = 4 });
        Assert.Equal(one.Unfiltered.Ranks, four.Unfiltered.Ranks);
        Assert.Equal(one.Filtered.Ranks, four.Filtered.Ranks);
        Assert.Equal(one.Sampled!.Ranks, four.Sampled!.Ranks);
    }

    [Fact]
    public void A_course_that_the_scorer_does_not_know_is_a_miss_and_one_that_it_alone_knows_competes()
    {
        var data = Samples.Random(3);
        var split = new LeaveOneOut(data);
        var few = Evaluator.Evaluate(new TiedScorer(3, 1), split, new() { SampledNegatives = 5 });
        var more = Evaluator.Evaluate(new TiedScorer(500, 1), split, new());
        for (var i = 0; i < split.Judged.Length; i++)
        {
            var target = split.Target(split.Judged[i], EvaluationPart.Test);
            Assert.Equal(target < 3 ? 2 : double.PositiveInfinity, few.Unfiltered.Ranks[i]);
            Assert.Equal(target < 3, double.IsFinite(few.Filtered.Ranks[i]));
            Assert.Equal(target < 3, double.IsFinite(few.Sampled!.Ranks[i]));
            Assert.Equal(250.5, more.Unfiltered.Ranks[i]);
        }
        var known = few.Unfiltered.Ranks.ToArray().Count(double.IsFinite) / (double)split.Judged.Length;
        Assert.InRange(known, 0.001, 0.5);
        Assert.Equal(known, few.Unfiltered.HitRate(10), 1e-9);
        Assert.Equal(known / 2, few.Unfiltered.ReciprocalRank(10), 1e-9);
    }

    [Theory]
    [InlineData(NegativeSampling.Popularity)]
    [InlineData(NegativeSampling.Uniform)]
    public void Against_sampled_negatives_a_constant_scorer_is_in_the_middle(NegativeSampling sampling)
    {
        var split = new LeaveOneOut(Samples.Random(4, courses: 400));
        var options = new EvaluationOptions { SampledNegatives = 100, Sampling = sampling };
        var result = Evaluator.Evaluate(new TiedScorer(400, 1), split, options);
        Assert.All(result.Sampled!.Ranks.ToArray(), rank => Assert.Equal(51, rank));
        Assert.Null(Evaluator.Evaluate(new TiedScorer(400, 1), split, new()).Sampled);
    }

    [Fact]
    public void A_part_of_the_users_is_spread_evenly_over_all()
    {
        var split = new LeaveOneOut(Samples.Random(6));
        var all = Evaluator.Evaluate(new TiedScorer(120, 50), split, new()).Filtered.Ranks;
        var some = Evaluator.Evaluate(new TiedScorer(120, 50), split, new() { MaxUsers = 100 }).Filtered.Ranks;
        Assert.Equal(100, some.Length);
        for (var i = 0; i < 100; i++)
            Assert.Equal(all[i * all.Length / 100], some[i]);
    }

    [Fact]
    public void An_evaluation_can_be_cancelled() =>
        Assert.Throws<OperationCanceledException>(() =>
            Evaluator.Evaluate(
                new TiedScorer(120, 5),
                new LeaveOneOut(Samples.Random(5)),
                new(),
                cancel: new CancellationToken(canceled: true)
            )
        );

    private static void AssertSame((double Hit, double Ndcg, double Reciprocal) expected, RankTable actual, int k)
    {
        Assert.Equal(expected.Hit, actual.HitRate(k), 1e-9);
        Assert.Equal(expected.Ndcg, actual.Ndcg(k), 1e-9);
        Assert.Equal(expected.Reciprocal, actual.ReciprocalRank(k), 1e-9);
    }
}
