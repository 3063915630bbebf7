using CourseRec.Models.Baselines;
using CourseRec.Models.Instant;
using CourseRec.Models.Sequential;
using CourseRec.Models.Tests.Baselines;
using CourseRec.Models.Tests.Sequential;
using SequentialModels = CourseRec.Models.Tests.Sequential.Models;

namespace CourseRec.Models.Tests.Instant;

/// <summary>Snapshots, weights and models for the instant layer's tests.</summary>
internal static class Counted
{
    /// <summary>A snapshot over observations in which low courses are the popular ones.</summary>
    public static BaselineSnapshot Skewed(int seed, int count, int courses)
    {
        var random = new Random(seed);
        int Course() => (int)(courses * Math.Pow(random.NextDouble(), 2));
        var observations = Enumerable
            .Range(0, count)
            .Select(i => new Observation(Course(), Observations.Year2026 + 60 * i, Course(), Course(), Course()));
        return new BaselineSnapshotBuilder(new()).Build([Observations.Count(observations)], courses);
    }

    /// <summary>The same weight by bucket for some features, 0 for the rest.</summary>
    public static InstantWeights Weights(Func<int, float> byBucket, params InstantFeature[] features)
    {
        var values = new float[InstantWeights.BucketCount * InstantWeights.FeatureCount];
        for (var bucket = 0; bucket < InstantWeights.BucketCount; bucket++)
            foreach (var feature in features)
                values[bucket * InstantWeights.FeatureCount + (int)feature] = byBucket(bucket);
        return new(values);
    }

    /// <summary>A model that knows course-0 … course-(known − 1) of a process that knows more.</summary>
    public static SequentialCourseScorer Sequence(int known, int courses) =>
        new(
            "sequential",
            new SequentialModel(SequentialModels.Random(SequentialModels.Tiny with { MaxLength = 30 }, known), "v7"),
            Observations.Courses(courses)
        );

    public static int[] History(Random random, int courses) =>
        [.. Enumerable.Range(0, random.Next(20)).Select(_ => random.Next(courses))];
}
