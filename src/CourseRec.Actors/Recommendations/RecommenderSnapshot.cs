using CourseRec.Models;
using CourseRec.Models.Baselines;

namespace CourseRec.Actors.Recommendations;

/// <summary>Everything that ranks, at one moment: immutable, and swapped whole.</summary>
/// <param name="Contenders">The scorers that the judge compares; the first one serves.</param>
/// <param name="Baselines">The shared counters behind them.</param>
public sealed record RecommenderSnapshot(IReadOnlyList<ICourseScorer> Contenders, BaselineSnapshot Baselines)
{
    /// <summary>A snapshot that has learned nothing.</summary>
    public static RecommenderSnapshot Empty { get; } = Of(BaselineSnapshot.Empty);

    /// <summary>The scorer that makes the lists.</summary>
    public ICourseScorer Serving => Contenders[0];

    /// <summary>A snapshot over counters alone.</summary>
    public static RecommenderSnapshot Of(BaselineSnapshot baselines) =>
        new([baselines.Blend, baselines.Popularity], baselines);
}
