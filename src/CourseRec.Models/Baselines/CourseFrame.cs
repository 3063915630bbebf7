namespace CourseRec.Models.Baselines;

/// <summary>A saved format.</summary>
/// <param name="What">How errors call it, as in <c>course counters</c>.</param>
/// <param name="Letters">Four ASCII letters at the start.</param>
/// <param name="Version">The version that is written, and the newest that is read.</param>
/// <param name="Oldest">The oldest version that is read.</param>
internal sealed record CourseFrame(string What, byte[] Letters, int Version, int Oldest)
{
    /// <summary>A format of which one version is read.</summary>
    public CourseFrame(string what, byte[] letters, int version)
        : this(what, letters, version, version) { }
}
