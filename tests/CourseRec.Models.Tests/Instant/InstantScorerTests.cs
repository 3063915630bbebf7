using CourseRec.Models.Baselines;
using CourseRec.Models.Instant;
using CourseRec.Models.Tests.Baselines;
using FsCheck.Xunit;

namespace CourseRec.Models.Tests.Instant;

public sealed class InstantScorerTests
{
    private const float Nothing = 1e-5f;

    private static readonly BaselineSnapshot Snapshot = Counted.Skewed(1, 5_000, 50);

    [Property(MaxTest = 100)]
    public void Without_a_sequence_model_the_start_ranks_as_the_blend_does(byte[] courses)
    {
        int[] history = [.. courses.Take(19).Select(course => course % 50)];
        var scorer = new InstantScorer("instant", null, Snapshot, InstantWeights.Start(hasSequence: false));
        var expected = Observations.Scores(Snapshot.Blend, history);
        var actual = Observations.Scores(scorer, history);
        for (var course = 0; course < 50; course++)
            Assert.Equal(1, MathF.Exp(actual[course]) / (expected[course] + Nothing), 1e-4f);
    }

    [Fact]
    public void A_score_is_the_weighted_sum_of_the_features()
    {
        int[] history = [7, 3, 3, 9, 1];
        foreach (var feature in Enum.GetValues<InstantFeature>())
        {
            var scorer = new InstantScorer("instant", null, Snapshot, Counted.Weights(_ => 2, feature));
            var scores = Observations.Scores(scorer, history);
            for (var course = 0; course < 50; course++)
                Assert.Equal(2 * Feature(feature, course), scores[course], 1e-3);
        }

        double Feature(InstantFeature feature, int course) =>
            feature switch
            {
                InstantFeature.Popularity => Math.Log(Snapshot.Weekly.Shares[course] + Nothing),
                InstantFeature.Day => Math.Log((Day(course) + Nothing) / (Snapshot.Weekly.Shares[course] + Nothing)),
                InstantFeature.Hour => Math.Log((Hour(course) + Nothing) / (Day(course) + Nothing)),
                InstantFeature.Age => LogAge(course),
                InstantFeature.Blend => Math.Log(
                    (Observations.Scores(Snapshot.Blend, history)[course] + Nothing)
                        / (Snapshot.Weekly.Shares[course] + Nothing)
                ),
                InstantFeature.Last => Evidence(1, course),
                InstantFeature.SecondLast => Evidence(9, course),
                InstantFeature.ThirdLast => Evidence(3, course),
                InstantFeature.Earlier => Evidence(7, course),
                InstantFeature.Breadth => Math.Log(1 + history.Distinct().Count(from => Evidence(from, course) > 0)),
                InstantFeature.Seen => history.Contains(course) ? 1 : 0,
                _ => 0,
            };
    }

    [Fact]
    public void Courses_that_the_model_does_not_know_stand_where_their_popularity_and_co_visitation_put_them()
    {
        var sequence = Counted.Sequence(known: 40, courses: 45);
        var weights = Counted.Weights(_ => 1, InstantFeature.Sequence, InstantFeature.Unknown);
        var scorer = new InstantScorer("online", sequence, Snapshot, weights);
        int[] history = [2, 30, 44];
        Assert.Equal(("online", $"v7+{Snapshot.Version}", 50), (scorer.Name, scorer.Version, scorer.CourseCount));

        var (known, scores) = (Observations.Scores(sequence, history), Observations.Scores(scorer, history));
        var blend = Observations.Scores(Snapshot.Blend, history);
        var mean = Enumerable.Range(0, 40).Average(course => Math.Log(Snapshot.Weekly.Shares[course] + Nothing));
        for (var course = 0; course < 40; course++)
            Assert.Equal(known[course], scores[course], 1e-5f);
        for (var course = 40; course < 50; course++)
            Assert.Equal(1 + known[..40].Average() + Math.Log(blend[course] + Nothing) - mean, scores[course], 1e-3);
    }

    [Fact]
    public void Courses_that_only_the_model_knows_are_scored()
    {
        var few = new BaselineSnapshotBuilder(new()).Build([Observations.Count(Observations.Random(3, 500, 10))], 10);
        var scorer = new InstantScorer(
            "online",
            Counted.Sequence(40, 40),
            few,
            InstantWeights.Start(hasSequence: true)
        );
        Assert.Equal(40, scorer.CourseCount);
        Assert.All(Observations.Scores(scorer, 39, 2), score => Assert.True(float.IsFinite(score)));
        Assert.All(Observations.Scores(scorer), score => Assert.True(float.IsFinite(score)));
    }

    [Fact]
    public void With_no_counts_the_model_ranks_alone_and_with_nothing_there_is_nothing()
    {
        var sequence = Counted.Sequence(40, 40);
        var start = InstantWeights.Start(hasSequence: true);
        var scorer = new InstantScorer("online", sequence, BaselineSnapshot.Empty, start);
        var weight = start[2, InstantFeature.Sequence];
        Assert.Equal(
            Observations.Scores(sequence, 1, 2).Select(score => score * weight),
            Observations.Scores(scorer, 1, 2)
        );
        Assert.Equal(0, new InstantScorer("instant", null, BaselineSnapshot.Empty, start).CourseCount);
    }

    [Fact]
    public void Without_a_history_popularity_ranks()
    {
        var scorer = new InstantScorer("instant", null, Snapshot, InstantWeights.Start(hasSequence: false));
        var (first, second) = (new int[10], new int[10]);
        TopK.Select(Observations.Scores(scorer), first);
        TopK.Select(Observations.Scores(Snapshot.Popularity), second);
        Assert.Equal(second, first);
    }

    [Fact]
    public void A_score_is_explained_by_the_course_that_adds_most_or_none()
    {
        var counters = Observations.Count([
            new(3, Observations.Year2026, 1, -1, -1),
            new(4, Observations.Year2026, 2, -1, -1),
            .. Enumerable.Repeat(new Observation(4, Observations.Year2026, 5, -1, -1), 20),
        ]);
        var snapshot = Observations.Snapshot(counters);
        var scorer = new InstantScorer("instant", null, snapshot, InstantWeights.Start(hasSequence: false));
        Assert.Equal(1, scorer.Explain([1, 2], 3));
        Assert.Equal(2, scorer.Explain([2, 1], 4));
        Assert.Equal(5, scorer.Explain([5, 2], 4));
        Assert.Equal(-1, scorer.Explain([1, 2], 6));
        Assert.Equal(-1, scorer.Explain([], 3));
        Assert.Equal(-1, scorer.Explain([-1, 999], 3));
        Assert.Equal(-1, scorer.Explain([1], 999));

        var byAge = new InstantScorer("instant", null, snapshot, Counted.Weights(_ => 1, InstantFeature.Age));
        Assert.Equal(-1, byAge.Explain([1, 2], 3));
    }

    [Fact]
    public void The_models_reason_goes_first_where_it_has_one()
    {
        var sequence = Counted.Sequence(known: 40, courses: 50);
        var scorer = new InstantScorer("online", sequence, Snapshot, InstantWeights.Start(hasSequence: true));
        int[] history = [5, 17, 45];
        for (var course = 0; course < 50; course++)
        {
            var own = sequence.Explain(history, course);
            Assert.Equal(own >= 0 ? own : scorer.Explain(history, course), scorer.Explain(history, course));
            Assert.True(course < 40 || own == -1);
        }
        Assert.Contains(Enumerable.Range(40, 10), course => scorer.Explain(history, course) >= 0);
    }

    private static double Smoothed(PopularityShares shares, int course, double longer) =>
        (shares.Mass * shares.Shares[course] + 50 * longer) / (shares.Mass + 50);

    private static double Day(int course) => Smoothed(Snapshot.Daily, course, Snapshot.Weekly.Shares[course]);

    private static double Hour(int course) => Smoothed(Snapshot.Hourly, course, Day(course));

    private static double LogAge(int course)
    {
        var (oldest, newest) = (Snapshot.Ages.First.ToArray().Min(), Snapshot.Ages.Newest);
        return Math.Log((newest - Snapshot.Ages.First[course] + 3600.0) / (newest - oldest + 3600.0));
    }

    private static double Evidence(int from, int course) =>
        Math.Log(
            1 + Snapshot.Successors(from, 1000).SingleOrDefault(next => next.Course == course, (-1, 0)).Weight / 0.001
        );
}
