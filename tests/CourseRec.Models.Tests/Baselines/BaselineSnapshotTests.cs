using CourseRec.Models.Baselines;

namespace CourseRec.Models.Tests.Baselines;

public sealed class BaselineSnapshotTests
{
    [Fact]
    public void Partitions_merged_equal_one_counter_over_all()
    {
        var observations = Observations.Random(1, 3_000, from: Observations.Year1990, to: Observations.Year2100);
        var parts = observations.GroupBy(one => one.Time % 3).Select(part => Observations.Count(part)).ToArray();
        var expected = Observations.Snapshot(Observations.Count(observations));
        Observations.AssertSame(expected, Observations.Snapshot(parts));
        Array.Reverse(parts);
        Observations.AssertSame(expected, Observations.Snapshot(parts));
    }

    [Fact]
    public void Building_step_by_step_equals_building_at_once()
    {
        var observations = Observations.Random(2, 2_000);
        var builder = new BaselineSnapshotBuilder(new());
        CourseCounters[] parts = [new(new()), new(new())];
        var snapshot = builder.Build(parts, 30);
        foreach (var some in observations.Chunk(3))
        {
            foreach (var observation in some)
                parts[observation.Time % 2].Add(observation);
            snapshot = builder.Build(parts, 30);
        }
        Observations.AssertSame(Observations.Snapshot(parts), snapshot);
    }

    [Fact]
    public void Other_partitions_are_merged_anew()
    {
        var (one, other) = (
            Observations.Count(Observations.Random(3, 500)),
            Observations.Count(Observations.Random(4, 500))
        );
        var builder = new BaselineSnapshotBuilder(new());
        builder.Build([one, other], 30);
        Observations.AssertSame(Observations.Snapshot(other), builder.Build([other], 30));
        Observations.AssertSame(BaselineOf30(), builder.Build([], 30));
    }

    [Fact]
    public void A_snapshot_stays_as_it_was_while_counting_goes_on()
    {
        var counters = Observations.Count(Observations.Random(5, 500));
        var builder = new BaselineSnapshotBuilder(new());
        var before = builder.Build([counters], 30);
        var scores = Observations.Scores(before.Blend, 1, 2, 3);
        foreach (var observation in Observations.Random(6, 500))
            counters.Add(observation);
        var after = builder.Build([counters], 30);
        Assert.Equal(scores, Observations.Scores(before.Blend, 1, 2, 3));
        Assert.NotEqual(scores, Observations.Scores(after.Blend, 1, 2, 3));
        Assert.Equal(("baseline-1", "baseline-2"), (before.Blend.Version, after.Popularity.Version));
    }

    [Fact]
    public void Courses_beyond_the_known_ones_are_scored_once_they_are_known()
    {
        var builder = new BaselineSnapshotBuilder(new());
        CourseCounters[] parts = [Observations.Count([new(7, Observations.Year2026, 1, -1, -1)])];
        var few = builder.Build(parts, 5);
        var all = builder.Build(parts, 8);
        Assert.Equal(new float[5], Observations.Scores(few.Blend, 1));
        Assert.True(Observations.Scores(all.Blend, 1)[7] > Observations.Scores(all.Popularity)[7]);
    }

    [Fact]
    public void The_last_course_says_most_and_repeated_ones_count_once()
    {
        var counters = new CourseCounters(new());
        for (var i = 0; i < 20; i++)
        {
            counters.Add(new(3, Observations.Year2026, 1, -1, -1));
            counters.Add(new(4, Observations.Year2026, 2, -1, -1));
        }
        var blend = Observations.Snapshot(counters).Blend;
        Assert.True(Observations.Scores(blend, 1, 2)[4] > Observations.Scores(blend, 1, 2)[3]);
        Assert.True(Observations.Scores(blend, 2, 1)[3] > Observations.Scores(blend, 2, 1)[4]);
        Assert.Equal(Observations.Scores(blend, 1, 2), Observations.Scores(blend, 1, 2, 2, 2));
    }

    [Fact]
    public void Courses_that_the_snapshot_does_not_know_are_ignored_in_a_history()
    {
        var blend = Observations.Snapshot(Observations.Count(Observations.Random(8, 500))).Blend;
        Assert.Equal(Observations.Scores(blend, 1, 2), Observations.Scores(blend, -1, 1, 999, 2, int.MaxValue));
    }

    [Fact]
    public void A_score_is_explained_by_the_course_that_contributes_most_or_none()
    {
        var counters = Observations.Count([
            new(3, Observations.Year2026, 1, -1, -1),
            new(4, Observations.Year2026, 2, -1, -1),
        ]);
        var snapshot = Observations.Snapshot(counters);
        Assert.Equal(1, snapshot.Blend.Explain([1, 2], 3));
        Assert.Equal(2, snapshot.Blend.Explain([1, 2], 4));
        Assert.Equal(-1, snapshot.Blend.Explain([1, 2], 5));
        Assert.Equal(-1, snapshot.Blend.Explain([], 3));
        Assert.Equal(-1, snapshot.Blend.Explain([-1, 999], 3));
        Assert.Equal(-1, snapshot.Popularity.Explain([1, 2], 3));
    }

    [Fact]
    public void Without_a_history_the_blend_is_popularity()
    {
        var snapshot = Observations.Snapshot(Observations.Count(Observations.Random(7, 500)));
        Assert.Equal(Observations.Scores(snapshot.Popularity), Observations.Scores(snapshot.Blend));
    }

    [Fact]
    public void The_empty_snapshot_knows_nothing()
    {
        Assert.Equal(0, BaselineSnapshot.Empty.Blend.CourseCount);
        Assert.Empty(Observations.Scores(BaselineSnapshot.Empty.Blend, 1, 2));
        Assert.Empty(BaselineSnapshot.Empty.Successors(0, 10));
        Assert.Empty(BaselineOf30().Successors(-1, 10));
        Assert.Equal(new float[30], Observations.Scores(BaselineOf30().Popularity));
    }

    private static BaselineSnapshot BaselineOf30() => Observations.Snapshot();
}
