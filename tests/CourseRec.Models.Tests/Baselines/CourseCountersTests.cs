using CourseRec.Models.Baselines;

namespace CourseRec.Models.Tests.Baselines;

public sealed class CourseCountersTests
{
    [Fact]
    public void Popularity_is_a_courses_share_of_all_decayed_observations()
    {
        var observations = Observations.Random(1, 2_000);
        var halfLife = new BaselineOptions().PopularityHalfLife.TotalSeconds;
        double Mass(IEnumerable<Observation> some) =>
            some.Sum(one => Math.Pow(2, (one.Time - Observations.Year2026) / halfLife));

        var shares = Observations.Scores(Observations.Snapshot(Observations.Count(observations)).Popularity);

        for (var course = 0; course < 30; course++)
            Assert.Equal(Mass(observations.Where(one => one.Course == course)) / Mass(observations), shares[course], 6);
    }

    [Fact]
    public void The_day_and_the_hour_count_what_is_newer_with_masses_as_of_the_newest_observation()
    {
        var observations = Observations.Random(5, 2_000, to: Observations.Year2026 + 3 * 86_400);
        var newest = observations.Max(one => one.Time);
        var snapshot = Observations.Snapshot(Observations.Count(observations));
        foreach (var (shares, hours) in new[] { (snapshot.Weekly, 168), (snapshot.Daily, 24), (snapshot.Hourly, 1) })
        {
            double Mass(IEnumerable<Observation> some) =>
                some.Sum(one => Math.Pow(2, (one.Time - newest) / 3600.0 / hours));
            Assert.Equal(1, shares.Mass / Mass(observations), 6);
            for (var course = 0; course < 30; course++)
                Assert.Equal(
                    Mass(observations.Where(one => one.Course == course)) / Mass(observations),
                    shares.Shares[course],
                    5
                );
        }
    }

    [Fact]
    public void A_course_is_as_old_as_its_first_observation_in_any_partition()
    {
        var snapshot = Observations.Snapshot(
            Observations.Count([new(3, 500, -1, -1, -1), new(3, 200, -1, -1, -1), new(3, 900, -1, -1, -1)]),
            Observations.Count([new(3, 300, -1, -1, -1), new(1, 700, -1, -1, -1)])
        );
        Assert.Equal((200, 700, 900), (snapshot.Ages.First[3], snapshot.Ages.First[1], snapshot.Ages.Newest));
        Assert.Equal(CourseAges.Never, snapshot.Ages.First[2]);
    }

    [Fact]
    public void A_transition_weighs_its_decayed_share_nearer_ones_more_and_ten_observations_of_doubt()
    {
        var observations = Observations.Random(2, 2_000);
        var halfLife = new BaselineOptions().TransitionHalfLife.TotalSeconds;
        var snapshot = Observations.Snapshot(Observations.Count(observations));
        for (var from = 0; from < 30; from++)
        {
            var steps = Steps(observations, from).ToList();
            var epoch = Math.Floor(steps.Max(step => step.Time) / halfLife);
            double Mass(IEnumerable<(int To, long Time, double Weight)> some) =>
                some.Sum(step => step.Weight * Math.Pow(2, step.Time / halfLife - epoch));

            var successors = snapshot.Successors(from, 30).ToDictionary(next => next.Course, next => next.Weight);

            Assert.Equal(steps.Select(step => step.To).Distinct().Order(), successors.Keys.Order());
            foreach (var (to, weight) in successors)
                Assert.Equal(Mass(steps.Where(step => step.To == to)) / (Mass(steps) + 10), weight, 6);
        }
    }

    [Fact]
    public void The_order_of_observations_does_not_matter()
    {
        var observations = Observations.Random(3, 3_000, from: Observations.Year1990, to: Observations.Year2100);
        var expected = Observations.Snapshot(Observations.Count(observations.OrderBy(one => one.Time)));
        Observations.AssertSame(expected, Observations.Snapshot(Observations.Count(observations)));
        Observations.AssertSame(
            expected,
            Observations.Snapshot(Observations.Count(observations.OrderByDescending(one => one.Time)))
        );
    }

    [Fact]
    public void Half_lives_of_a_minute_stay_finite_over_110_years()
    {
        var options = new BaselineOptions
        {
            PopularityHalfLife = TimeSpan.FromMinutes(1),
            TransitionHalfLife = TimeSpan.FromMinutes(1),
        };
        var observations = Observations.Random(4, 3_000, from: Observations.Year1990, to: Observations.Year2100);
        var snapshot = Observations.Snapshot(Observations.Count(observations, options));
        Assert.All(Observations.Scores(snapshot.Popularity), score => Assert.InRange(score, 0, 1));
        Assert.All(Observations.Scores(snapshot.Blend, 1, 2, 3), score => Assert.True(float.IsFinite(score)));
    }

    [Fact]
    public void A_course_keeps_a_bounded_number_of_successors_and_the_frequent_ones_among_them()
    {
        var counters = new CourseCounters(new() { SuccessorsPerCourse = 8 });
        for (var i = 0; i < 10_000; i++)
            counters.Add(new(i % 4 == 0 ? 1 : 2 + i, Observations.Year2026, 0, -1, -1));

        var row = counters.Successors[0]!;
        Assert.Equal(8, row.Count);
        Assert.True(row.Courses.Contains(1));
        Assert.Equal(2_500, row.Masses[row.Courses.IndexOf(1)] / Unit(counters), 1e-6);
        Assert.Equal(1, Observations.Snapshot(counters).Successors(0, 1)[0].Course);
        Assert.Equal(10_000, row.Masses.ToArray().Sum() / Unit(counters), 1e-6);
    }

    [Fact]
    public void A_course_does_not_follow_itself_or_nothing()
    {
        var counters = Observations.Count([
            new(5, Observations.Year2026, -1, -1, -1),
            new(5, Observations.Year2026, 5, -1, -1),
        ]);
        Assert.Equal(0, counters.Successors.Length);
        Assert.Equal(1f, Observations.Scores(Observations.Snapshot(counters).Popularity)[5]);
    }

    [Fact]
    public void Options_out_of_their_range_are_refused_by_name()
    {
        string Refusal(BaselineOptions options) =>
            Assert.Throws<ArgumentOutOfRangeException>(() => new CourseCounters(options)).ParamName!;
        Assert.Equal("PopularityHalfLife", Refusal(new() { PopularityHalfLife = TimeSpan.Zero }));
        Assert.Equal("DailyHalfLife", Refusal(new() { DailyHalfLife = TimeSpan.FromSeconds(59) }));
        Assert.Equal("HourlyHalfLife", Refusal(new() { HourlyHalfLife = TimeSpan.Zero }));
        Assert.Equal("TransitionHalfLife", Refusal(new() { TransitionHalfLife = TimeSpan.FromSeconds(-1) }));
        Assert.Equal("SuccessorsPerCourse", Refusal(new() { SuccessorsPerCourse = 0 }));
        Assert.Equal("SuccessorsPerCourse", Refusal(new() { SuccessorsPerCourse = 4097 }));
    }

    /// <summary>What one observation at the start of 2026 weighs.</summary>
    private static double Unit(CourseCounters counters)
    {
        var halfLives = Observations.Year2026 / new BaselineOptions().TransitionHalfLife.TotalSeconds;
        return Math.Pow(2, halfLives - counters.Successors[0]!.Epoch);
    }

    private static IEnumerable<(int To, long Time, double Weight)> Steps(Observation[] observations, int course) =>
        from one in observations
        from step in new[] { (one.Previous1, 1.0), (one.Previous2, 1.0 / 2), (one.Previous3, 1.0 / 3) }
        where step.Item1 == course && one.Course != course
        select (one.Course, one.Time, step.Item2);
}
