namespace CourseRec.Simulation.Learners;

/// <summary>Who learns, and whether the world changes meanwhile.</summary>
public sealed record SimulationOptions
{
    /// <summary>
    /// Everything follows from it: the same seed, options and catalogue give the same events on every machine.
    /// </summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Learners active at a time, 1 … 10,000,000; whoever leaves is replaced by a new one. About 150 bytes each.
    /// </summary>
    public int Learners { get; init; } = 5_000;

    /// <summary>How the world changes; null (the default): not at all.</summary>
    public DriftOptions? Drift { get; init; }
}

/// <summary>
/// A changing world, for telling a model that goes on learning from one that stopped: courses are launched, tastes
/// wander, learners change their interests, and other tracks become related. Times are simulated.
/// </summary>
public sealed record DriftOptions
{
    /// <summary>
    /// The share of the catalogue that is not released at the start, 0 … 1. Prerequisites are released first.
    /// </summary>
    public double UnreleasedShare { get; init; } = 0.4;

    /// <summary>A course is launched this often, until all are.</summary>
    public TimeSpan LaunchEvery { get; init; } = TimeSpan.FromHours(8);

    /// <summary>Subjects and courses rise and fall, and relations between tracks change, this often.</summary>
    public TimeSpan TasteStep { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The chance, 0 … 1, that a learner who has completed a course swaps an interest for a new one.</summary>
    public double InterestChange { get; init; } = 0.15;
}
