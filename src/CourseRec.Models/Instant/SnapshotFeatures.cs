using System.Numerics;
using CourseRec.Models.Baselines;

namespace CourseRec.Models.Instant;

/// <summary>
/// The features that are the same for every user, of one snapshot; immutable. Shares of a shorter half-life are
/// smoothed with the next longer one's (a hierarchical Dirichlet, MacKay and Peto, 1995), so that a ratio of few
/// observations stays near 0.
/// </summary>
internal sealed class SnapshotFeatures
{
    /// <summary>Observations' worth of the longer half-life in each share of a shorter one.</summary>
    private const float Doubt = 50;

    private const float Hour = 3600;

    private readonly float[][] _values;

    public SnapshotFeatures(BaselineSnapshot snapshot)
    {
        var week = snapshot.Weekly.Shares;
        var day = Smoothed(snapshot.Daily, week);
        var hour = Smoothed(snapshot.Hourly, day);
        _values =
        [
            LogRatio(week, null),
            LogRatio(day, week),
            LogRatio(hour, day),
            LogAges(snapshot.Ages, snapshot.CourseCount),
        ];
    }

    /// <summary>A feature of every course, [C].</summary>
    /// <param name="feature">0 … StaticCount − 1, from <see cref="InstantFeatures.FirstStatic"/> on.</param>
    public ReadOnlySpan<float> this[int feature] => _values[feature];

    /// <summary>log(share + ε), [C].</summary>
    public ReadOnlySpan<float> LogPopularity => _values[0];

    private static float[] Smoothed(PopularityShares shares, float[] longer)
    {
        var smoothed = new float[longer.Length];
        var known = (float)(shares.Mass / (shares.Mass + Doubt));
        for (var course = 0; course < smoothed.Length; course++)
            smoothed[course] = known * shares.Shares[course] + (1 - known) * longer[course];
        return smoothed;
    }

    private static float[] LogRatio(float[] shares, float[]? longer)
    {
        var logs = new float[shares.Length];
        var nothing = new Vector<float>(InstantFeatures.Nothing);
        var i = 0;
        for (; i <= logs.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var share = new Vector<float>(shares, i) + nothing;
            Vector.Log(longer is null ? share : share / (new Vector<float>(longer, i) + nothing)).CopyTo(logs, i);
        }
        for (; i < logs.Length; i++)
            logs[i] = MathF.Log(
                (shares[i] + InstantFeatures.Nothing) / (longer is null ? 1 : longer[i] + InstantFeatures.Nothing)
            );
        return logs;
    }

    private static float[] LogAges(CourseAges ages, int courseCount)
    {
        var logs = new float[courseCount];
        var oldest = CourseAges.Never;
        foreach (var first in ages.First)
            oldest = Math.Min(oldest, first);
        if (oldest == CourseAges.Never)
            return logs;
        var whole = (float)((double)ages.Newest - oldest) + Hour;
        for (var course = 0; course < courseCount; course++)
            logs[course] = MathF.Log((AgeOf(ages, course) + Hour) / whole);
        return logs;
    }

    private static float AgeOf(CourseAges ages, int course) =>
        course < ages.First.Length && ages.First[course] is var first and not CourseAges.Never
            ? (float)((double)ages.Newest - first)
            : 0;
}
