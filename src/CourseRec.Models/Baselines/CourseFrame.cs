namespace CourseRec.Models.Baselines;

/// <summary>A saved format.</summary>
/// <param name="What">How errors call it, as in <c>course counters</c>.</param>
/// <param name="Letters">Four ASCII letters at the start.</param>
/// <param name="Version">The version that is written, and the only one read.</param>
internal sealed record CourseFrame(string What, byte[] Letters, int Version);
