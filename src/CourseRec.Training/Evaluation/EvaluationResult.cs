namespace CourseRec.Training.Evaluation;

/// <summary>What one scorer reached.</summary>
/// <param name="Name">The scorer's name.</param>
/// <param name="Version">The very snapshot.</param>
/// <param name="Unfiltered">Full ranking: every course competes.</param>
/// <param name="Filtered">Full ranking without the courses of the user's history (the target always competes).</param>
/// <param name="Sampled">Against sampled negatives only; null when not asked for.</param>
public sealed record EvaluationResult(
    string Name,
    string Version,
    RankTable Unfiltered,
    RankTable Filtered,
    RankTable? Sampled
);
