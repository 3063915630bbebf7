using CourseRec.Models.Baselines;
using CourseRec.Models.Catalogue;

namespace CourseRec.Models.Tests.Baselines;

internal static class Observations
{
    public const long Year1990 = 631_152_000;
    public const long Year2026 = 1_767_225_600;
    public const long Year2100 = 4_102_444_800;

    public static Observation[] Random(
        int seed,
        int count,
        int courses = 30,
        long from = Year2026,
        long to = Year2026 + 365 * 86_400
    )
    {
        var random = new Random(seed);
        int Previous() => random.Next(4) == 0 ? -1 : random.Next(courses);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => new Observation(
                    random.Next(courses),
                    random.NextInt64(from, to),
                    random.Next(courses),
                    Previous(),
                    Previous()
                )),
        ];
    }

    public static CourseCounters Count(IEnumerable<Observation> observations, BaselineOptions? options = null)
    {
        var counters = new CourseCounters(options ?? new());
        foreach (var observation in observations)
            counters.Add(observation);
        return counters;
    }

    public static BaselineSnapshot Snapshot(params CourseCounters[] partitions) =>
        new BaselineSnapshotBuilder(new()).Build(partitions, 30);

    public static float[] Scores(ICourseScorer scorer, params int[] history)
    {
        var scores = new float[scorer.CourseCount];
        scores.AsSpan().Fill(float.NaN);
        scorer.Score(history, scores);
        return scores;
    }

    public static CourseIndex Courses(int count, string prefix = "course-")
    {
        var courses = new CourseIndex();
        for (var i = 0; i < count; i++)
            courses.GetOrAdd($"{prefix}{i}");
        return courses;
    }

    /// <summary>Popularity and every course's successors agree to 1e-5.</summary>
    public static void AssertSame(BaselineSnapshot expected, BaselineSnapshot actual)
    {
        AssertNear(Scores(expected.Popularity), Scores(actual.Popularity));
        AssertNear(expected.Daily.Shares, actual.Daily.Shares);
        AssertNear(expected.Hourly.Shares, actual.Hourly.Shares);
        Assert.Equal(expected.Ages.Newest, actual.Ages.Newest);
        for (var course = 0; course < expected.Popularity.CourseCount; course++)
        {
            AssertNear(Scores(expected.Blend, course), Scores(actual.Blend, course));
            Assert.Equal(expected.Successors(course, 1000).Count, actual.Successors(course, 1000).Count);
        }
    }

    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5f);
    }
}
