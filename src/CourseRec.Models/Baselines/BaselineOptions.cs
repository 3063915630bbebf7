namespace CourseRec.Models.Baselines;

/// <summary>How the baselines count and decay.</summary>
public sealed record BaselineOptions
{
    /// <summary>Popularity halves in this time (event time).</summary>
    public TimeSpan PopularityHalfLife { get; init; } = TimeSpan.FromDays(7);

    /// <summary>A transition's weight halves in this time (event time).</summary>
    public TimeSpan TransitionHalfLife { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Successors kept a course; the weakest gives way (Space-Saving, Metwally et al. 2005).</summary>
    public int SuccessorsPerCourse { get; init; } = 64;
}
