using CourseRec.Models.Baselines;
using CourseRec.Models.Instant;
using CourseRec.Models.Sequential;
using CourseRec.Models.Tests.Baselines;
using SequentialModels = CourseRec.Models.Tests.Sequential.Models;

namespace CourseRec.Models.Tests.Instant;

public sealed class InstantLearnerTests
{
    private const int Courses = 60;

    private static readonly BaselineSnapshot Snapshot = Counted.Skewed(1, 20_000, Courses);

    [Fact]
    public void Planted_weights_are_recovered()
    {
        var planted = Counted.Weights(_ => 0.6f, InstantFeature.Popularity, InstantFeature.Last, InstantFeature.Blend);
        var (world, start) = (Scorer(planted), InstantWeights.Start(hasSequence: false));
        var learner = new InstantLearner(start);
        var random = new Random(2);
        for (var i = 0; i < 30_000; i++)
        {
            int[] history = [random.Next(Courses), random.Next(Courses), random.Next(Courses)];
            learner.Learn(Scorer(start), history, [], Draw(world, history, random));
        }
        Assert.InRange(learner.Current[2, InstantFeature.Popularity], 0.4f, 0.8f);
        var (before, after) = (Loss(start), Loss(learner.Current));
        Assert.True(after < 0.003 && after < before / 20, $"from {before} nats to {after}");

        double Loss(InstantWeights weights) => Divergence(world, Scorer(weights), random);
    }

    [Fact]
    public void A_new_course_that_everybody_takes_now_climbs_the_list()
    {
        var counters = new CourseCounters(new());
        var builder = new BaselineSnapshotBuilder(new());
        var learner = new InstantLearner(InstantWeights.Start(hasSequence: false));
        var random = new Random(3);
        var time = Observations.Year2026;
        for (var i = 0; i < 20_000; i++)
            counters.Add(new(random.Next(Courses), time += 60, random.Next(Courses), -1, -1));
        var ranks = new List<int>();
        for (var i = 0; i < 300; i++)
        {
            int[] history = [random.Next(Courses)];
            var target = i % 3 == 0 ? Courses : random.Next(Courses);
            var scorer = new InstantScorer("instant", null, builder.Build([counters], Courses + 1), learner.Current);
            ranks.Add(RankOf(Courses, Observations.Scores(scorer, history)));
            learner.Learn(scorer, history, history, target);
            counters.Add(new(target, time += 10, history[0], -1, -1));
        }
        Assert.Equal(Courses + 1, ranks[0]);
        Assert.True(ranks[^10..].Max() <= 3, string.Join(' ', ranks));
    }

    [Fact]
    public void Seen_courses_are_learned_down_where_nobody_takes_them_again()
    {
        var learner = new InstantLearner(InstantWeights.Start(hasSequence: false));
        var random = new Random(4);
        for (var i = 0; i < 2_000; i++)
            learner.Learn(Scorer(learner.Current), [0, 1, 2, 3, 4], [], random.Next(5, Courses));
        Assert.True(learner.Current[3, InstantFeature.Seen] < -1);
        Assert.True(learner.Current[5, InstantFeature.Seen] is < -0.5f and > -10);
    }

    [Fact]
    public void Buckets_share_what_they_learn_and_differ_where_they_must()
    {
        var learner = new InstantLearner(Counted.Weights(_ => 0.5f, InstantFeature.Popularity));
        var random = new Random(5);
        var world = Scorer(Counted.Weights(_ => 2, InstantFeature.Popularity));
        for (var i = 0; i < 3_000; i++)
            learner.Learn(world, [1], [], Draw(world, [1], random));
        Assert.InRange(learner.Current[1, InstantFeature.Popularity], 1.3f, 2.4f);
        Assert.InRange(learner.Current[5, InstantFeature.Popularity], 0.9f, 1.9f);
    }

    [Fact]
    public void What_could_not_be_chosen_or_is_not_known_teaches_nothing()
    {
        var start = InstantWeights.Start(hasSequence: false);
        var learner = new InstantLearner(start);
        learner.Learn(Scorer(start), [1], [1, 7], 7);
        learner.Learn(Scorer(start), [1], [], Courses);
        learner.Learn(Scorer(start), [1], [], -1);
        learner.Learn(new("instant", null, BaselineSnapshot.Empty, start), [], [], 0);
        Assert.Same(start, learner.Current);
        learner.Learn(Scorer(start), [-5, 1, 999], [-1, 999], 7);
        Assert.NotSame(start, learner.Current);
    }

    [Fact]
    public void Scores_that_are_not_finite_teach_nothing()
    {
        var parameters = SequentialModels.Random(SequentialModels.Tiny, Courses);
        parameters["outputBias"][5] = float.NaN;
        var broken = new SequentialCourseScorer("broken", new(parameters, "v1"), Observations.Courses(Courses));
        var start = InstantWeights.Start(hasSequence: true);
        var learner = new InstantLearner(start);
        learner.Learn(new("online", broken, Snapshot, start), [1, 2], [], 7);
        Assert.Same(start, learner.Current);
    }

    [Fact]
    public void Weights_stay_finite_and_bounded_whatever_is_chosen()
    {
        var learner = new InstantLearner(Counted.Weights(_ => 10, [.. Enum.GetValues<InstantFeature>()]));
        var random = new Random(6);
        for (var i = 0; i < 2_000; i++)
            learner.Learn(Scorer(learner.Current), Counted.History(random, Courses), [], random.Next(Courses));
        for (var bucket = 0; bucket < InstantWeights.BucketCount; bucket++)
            Assert.All(learner.Current[bucket].ToArray(), weight => Assert.InRange(weight, -10, 10));
    }

    [Fact]
    public void The_sequence_models_weight_is_learned_too()
    {
        var sequence = Counted.Sequence(known: 50, courses: Courses);
        InstantScorer With(InstantWeights weights) => new("online", sequence, Snapshot, weights);
        var world = With(Counted.Weights(_ => 0.5f, InstantFeature.Sequence, InstantFeature.Unknown));
        var learner = new InstantLearner(Counted.Weights(_ => 1, InstantFeature.Sequence));
        var random = new Random(7);
        for (var i = 0; i < 5_000; i++)
        {
            int[] history = [random.Next(Courses), random.Next(Courses)];
            learner.Learn(With(learner.Current), history, [], Draw(world, history, random));
        }
        Assert.InRange(learner.Current[2, InstantFeature.Sequence], 0.35f, 0.65f);
        Assert.InRange(learner.Current[2, InstantFeature.Unknown], 0.1f, 0.9f);
    }

    private static InstantScorer Scorer(InstantWeights weights) => new("instant", null, Snapshot, weights);

    private static int RankOf(int course, float[] scores) => 1 + scores.Count(score => score > scores[course]);

    private static int Draw(InstantScorer scorer, int[] history, Random random)
    {
        var p = Softmax(Observations.Scores(scorer, history));
        var left = random.NextDouble();
        var course = 0;
        while (course < p.Length - 1 && (left -= p[course]) > 0)
            course++;
        return course;
    }

    /// <summary>The mean Kullback-Leibler divergence, nats.</summary>
    private static double Divergence(InstantScorer world, InstantScorer learned, Random random) =>
        Enumerable
            .Range(0, 200)
            .Average(_ =>
            {
                int[] history = [random.Next(Courses), random.Next(Courses), random.Next(Courses)];
                var (p, q) = (
                    Softmax(Observations.Scores(world, history)),
                    Softmax(Observations.Scores(learned, history))
                );
                return p.Zip(q, (mine, theirs) => mine * Math.Log(mine / theirs)).Sum();
            });

    private static double[] Softmax(float[] scores)
    {
        var highest = scores.Max();
        var total = scores.Sum(score => Math.Exp(score - highest));
        return [.. scores.Select(score => Math.Exp(score - highest) / total)];
    }
}
