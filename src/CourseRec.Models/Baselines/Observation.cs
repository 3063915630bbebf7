namespace CourseRec.Models.Baselines;

/// <summary>
/// What one positive interaction teaches the shared counters: a course was chosen at a time, after up to three others.
/// </summary>
/// <param name="Course">The course's index.</param>
/// <param name="Time">When, in Unix seconds (event time).</param>
/// <param name="Previous1">The distinct course before it in the user's history, or −1.</param>
/// <param name="Previous2">The one before that, or −1.</param>
/// <param name="Previous3">The one before that, or −1.</param>
public readonly record struct Observation(int Course, long Time, int Previous1, int Previous2, int Previous3);
