namespace CourseRec.Models.Baselines;

/// <summary>
/// Merges the counters of several partitions into immutable snapshots. Only courses touched since the last build are merged
/// anew; the rest is shared with the snapshot before.
/// </summary>
public sealed class BaselineSnapshotBuilder
{
    /// <summary>A builder over no partitions.</summary>
    public BaselineSnapshotBuilder(BaselineOptions options) => throw new NotImplementedException();

    /// <summary>Merges what changed. Each element is locked while it is read.</summary>
    /// <param name="partitions">The counters of every partition served here. When the set changes, everything is merged anew.</param>
    /// <param name="courseCount">Courses known now; the snapshot scores 0 … courseCount − 1.</param>
    public BaselineSnapshot Build(IReadOnlyList<CourseCounters> partitions, int courseCount) =>
        throw new NotImplementedException();
}

/// <summary>One consistent, immutable view of the counters, and the scorers over it.</summary>
public sealed class BaselineSnapshot
{
    /// <summary>A snapshot that knows nothing: every course scores 0.</summary>
    public static BaselineSnapshot Empty => throw new NotImplementedException();

    /// <summary>Time-decayed popularity.</summary>
    public ICourseScorer Popularity => throw new NotImplementedException();

    /// <summary>Transitions from the last courses, smoothed by popularity.</summary>
    public ICourseScorer Blend => throw new NotImplementedException();

    /// <summary>The courses most often taken after one, best first.</summary>
    public IReadOnlyList<(int Course, double Weight)> Successors(int course, int count) =>
        throw new NotImplementedException();
}
