using CourseRec.Models.Baselines;
using CourseRec.Models.Sequential;

namespace CourseRec.Models.Instant;

/// <summary>
/// A sequence model's score of every course of the process. Those that it does not know stand where courses of their
/// popularity and co-visitation do; see <see cref="InstantFeature.Sequence"/>. Safe for concurrent use.
/// </summary>
internal sealed class SequenceFeature(SequentialCourseScorer sequence, BaselineSnapshot baselines, int courseCount)
{
    private const int Blend = (int)InstantFeature.Blend - InstantFeatures.FirstSparse;

    private readonly Lazy<(int[] Unknown, float MeanLogPopularity)> _gaps = new(
        () => FindGaps(sequence, baselines, courseCount),
        LazyThreadSafetyMode.PublicationOnly
    );

    /// <summary>The courses that the model does not know.</summary>
    public int[] Unknown => _gaps.Value.Unknown;

    /// <summary>Fills in the scores, [C].</summary>
    public void Fill(ReadOnlySpan<int> history, HistoryFeatures features, Span<float> scores)
    {
        sequence.Score(history, scores[..sequence.CourseCount]);
        if (Unknown.Length == 0)
            return;
        foreach (var course in Unknown)
            scores[course] = 0;
        var mean = InstantLogits.Sum(scores) / Math.Max(1, courseCount - Unknown.Length);
        var popularity = baselines.Features.LogPopularity;
        foreach (var course in Unknown)
            scores[course] = mean + LogPopularity(popularity, course) - _gaps.Value.MeanLogPopularity;
        var touched = features.Courses;
        var blend = features[Blend];
        for (var place = 0; place < touched.Length; place++)
            if (!sequence.Knows(touched[place]))
                scores[touched[place]] += blend[place];
    }

    private static (int[] Unknown, float MeanLogPopularity) FindGaps(
        SequentialCourseScorer sequence,
        BaselineSnapshot baselines,
        int courseCount
    )
    {
        var unknown = new List<int>();
        var popularity = baselines.Features.LogPopularity;
        var sum = 0.0;
        for (var course = 0; course < courseCount; course++)
            if (sequence.Knows(course))
                sum += LogPopularity(popularity, course);
            else
                unknown.Add(course);
        return ([.. unknown], (float)(sum / Math.Max(1, courseCount - unknown.Count)));
    }

    private static float LogPopularity(ReadOnlySpan<float> popularity, int course) =>
        course < popularity.Length ? popularity[course] : MathF.Log(InstantFeatures.Nothing);
}
