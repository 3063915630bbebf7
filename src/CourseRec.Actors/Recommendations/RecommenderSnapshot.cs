using CourseRec.Actors.Learning;
using CourseRec.Models;
using CourseRec.Models.Baselines;
using CourseRec.Models.Instant;

namespace CourseRec.Actors.Recommendations;

/// <summary>Everything that ranks, at one moment: immutable, and swapped whole.</summary>
/// <param name="Contenders">The scorers that the judge compares; the first one serves.</param>
/// <param name="Baselines">The shared counters behind them.</param>
/// <param name="Models">The sequential models behind them.</param>
public sealed record RecommenderSnapshot(
    IReadOnlyList<ICourseScorer> Contenders,
    BaselineSnapshot Baselines,
    TrainedModels Models
)
{
    /// <summary>A snapshot that has learned nothing.</summary>
    public static RecommenderSnapshot Empty { get; } =
        new(
            [
                new InstantScorer("instant", null, BaselineSnapshot.Empty, InstantWeights.Start(hasSequence: false)),
                BaselineSnapshot.Empty.Blend,
                BaselineSnapshot.Empty.Popularity,
            ],
            BaselineSnapshot.Empty,
            TrainedModels.None
        );

    /// <summary>The scorer that makes the lists.</summary>
    public ICourseScorer Serving => Contenders[0];
}
