namespace CourseRec.Models.Baselines;

/// <summary>
/// How the baselines count and decay. On MOOCCubeX (5-core) 128 successors a course rank as well as unlimited ones do,
/// 64 slightly worse; long half-lives of transitions rank better than a month.
/// </summary>
public sealed record BaselineOptions
{
    /// <summary>Popularity halves in this time (event time); at least a minute.</summary>
    public TimeSpan PopularityHalfLife { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The popularity of the day halves in this time (event time); at least a minute.</summary>
    public TimeSpan DailyHalfLife { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The popularity of the hour halves in this time (event time); at least a minute.</summary>
    public TimeSpan HourlyHalfLife { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A transition's weight halves in this time (event time); at least a minute.</summary>
    public TimeSpan TransitionHalfLife { get; init; } = TimeSpan.FromDays(180);

    /// <summary>
    /// Successors kept a course, 1 … 4096; the weakest gives way (Space-Saving, Metwally et al. 2005).
    /// </summary>
    public int SuccessorsPerCourse { get; init; } = 128;

    /// <summary>Refuses what can't work.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The message names the option, its value and what is
    /// allowed.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(PopularityHalfLife, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(DailyHalfLife, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(HourlyHalfLife, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(TransitionHalfLife, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(SuccessorsPerCourse, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SuccessorsPerCourse, 4096);
    }
}
