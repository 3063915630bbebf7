using CourseRec.Benchmarks.Online.Analysis;
using CourseRec.Training.Online;

namespace CourseRec.Benchmarks.Online;

/// <summary>What <c>bench online</c> measured.</summary>
/// <param name="Stream">What was fed.</param>
/// <param name="Events">Events sent.</param>
/// <param name="Judged">Discoveries judged.</param>
/// <param name="FrozenAt">Discoveries judged when the frozen model was frozen.</param>
/// <param name="LastFrom">Discoveries judged before the last quarter of the events.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Cores">Processor cores of the machine.</param>
/// <param name="Seconds">Time spent feeding, drains included.</param>
/// <param name="Learning">Where learning stood at the end.</param>
/// <param name="LastQuarter">Every contender over the last quarter.</param>
/// <param name="Findings">What is to hold.</param>
/// <param name="Batch">From nothing against batch; null for the simulated stream.</param>
/// <param name="Curve">NDCG@10 over the stream.</param>
internal sealed record OnlineReport(
    string Stream,
    int Events,
    int Judged,
    int FrozenAt,
    int LastFrom,
    int Seed,
    int Cores,
    double Seconds,
    OnlineTrainerStatus Learning,
    IReadOnlyList<ContenderFigures> LastQuarter,
    IReadOnlyList<Finding> Findings,
    BatchComparison? Batch,
    IReadOnlyList<CurvePoint> Curve
);

/// <summary>Something that is to hold, and what was found.</summary>
/// <param name="Name">What is compared.</param>
/// <param name="Goal">The relative difference that is asked for, at least.</param>
/// <param name="Found">What was found.</param>
internal sealed record Finding(string Name, double Goal, Comparison Found)
{
    /// <summary>Whether it holds.</summary>
    public bool Holds => Found.Relative >= Goal;
}
