namespace CourseRec.Benchmarks.Online;

/// <summary>What <c>bench online</c> was asked for.</summary>
internal sealed record OnlineBenchSettings
{
    /// <summary>
    /// Events of the simulated stream when nothing else is asked for: six months of 5,000 learners, so that the frozen
    /// model is two months old where it is compared, and both have seen enough to be worth comparing.
    /// </summary>
    public const int DriftEvents = 3_000_000;

    private const double EnoughJudged = 200_000;

    /// <summary>A data set; null for the simulated stream.</summary>
    public string? File { get; init; }

    /// <summary>The most events of the stream; null: all of the file, or <see cref="DriftEvents"/>.</summary>
    public int? Events { get; init; }

    /// <summary>Courses of the simulated catalogue, those launched later included.</summary>
    public int Courses { get; init; } = 500;

    /// <summary>Simulated learners active at a time.</summary>
    public int Learners { get; init; } = 5_000;

    /// <summary>The share of discoveries that is judged, 0 … 1; null: as many as narrow intervals need.</summary>
    public double? JudgedShare { get; init; }

    /// <summary>
    /// Share of users who never train. More than a node's two hundredths on the simulated stream: it has few users,
    /// and what was forgotten is measured on theirs.
    /// </summary>
    public double HeldOut => File is null ? 0.05 : 0.02;

    /// <summary>The share of discoveries that is judged of a stream with so many events.</summary>
    public double JudgedShareOf(int events) => JudgedShare ?? (File is null ? 0.5 : Math.Min(1, EnoughJudged / events));

    /// <summary>The most time for batch training.</summary>
    public TimeSpan BatchLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A model trained on the same events instead; null: one is trained.</summary>
    public string? BatchModel { get; init; }

    /// <summary>Seeds everything random.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Where the curve goes.</summary>
    public string Out { get; init; } = "online.svg";
}
