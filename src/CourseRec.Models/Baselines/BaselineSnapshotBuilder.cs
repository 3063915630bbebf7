namespace CourseRec.Models.Baselines;

/// <summary>
/// Merges the counters of several partitions into immutable snapshots. Only courses touched since the last build are
/// merged anew; the rest is shared with the snapshot before. Not safe for concurrent use.
/// </summary>
public sealed class BaselineSnapshotBuilder
{
    private readonly BaselineOptions _options;
    private readonly SuccessorMerger _merger = new();
    private CourseCounters[] _partitions = [];
    private long[] _seen = [];
    private SuccessorList?[] _successors = [];
    private BaselineSnapshot _last = BaselineSnapshot.Empty;
    private long _builds;

    /// <summary>A builder over no partitions.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    public BaselineSnapshotBuilder(BaselineOptions options)
    {
        options.Validate();
        _options = options;
    }

    /// <summary>
    /// Merges what changed; answers the snapshot before when nothing did. Each element is locked while it is read.
    /// </summary>
    /// <param name="partitions">The counters of every partition served here. When the set changes, everything is
    /// merged anew.</param>
    /// <param name="courseCount">Courses known now; the snapshot scores 0 … courseCount − 1.</param>
    public BaselineSnapshot Build(IReadOnlyList<CourseCounters> partitions, int courseCount)
    {
        if (!_partitions.SequenceEqual(partitions))
        {
            _partitions = [.. partitions];
            _seen = new long[_partitions.Length];
            _seen.AsSpan().Fill(-1);
            _successors = [];
            _last = BaselineSnapshot.Empty;
        }
        if (IsUnchanged(courseCount))
            return _last;
        var (popularity, daily, hourly) = (new PopularityMerger(), new PopularityMerger(), new PopularityMerger());
        var ages = new CourseAges();
        var changed = new HashSet<int>();
        for (var i = 0; i < _partitions.Length; i++)
            lock (_partitions[i])
            {
                popularity.Add(_partitions[i].Popularity);
                daily.Add(_partitions[i].Daily);
                hourly.Add(_partitions[i].Hourly);
                ages.Merge(_partitions[i].Ages);
                FindChanged(_partitions[i], ref _seen[i], changed);
            }
        var successors = new SuccessorList?[Math.Max(_successors.Length, changed.DefaultIfEmpty(-1).Max() + 1)];
        _successors.CopyTo(successors, 0);
        foreach (var course in changed)
            successors[course] = _merger.Merge(_partitions, course);
        _successors = successors;
        return _last = new(
            $"baseline-{++_builds}",
            popularity.Shares(courseCount, _options.PopularityHalfLife, ages.Newest),
            daily.Shares(courseCount, _options.DailyHalfLife, ages.Newest),
            hourly.Shares(courseCount, _options.HourlyHalfLife, ages.Newest),
            ages,
            successors
        );
    }

    private bool IsUnchanged(int courseCount)
    {
        for (var i = 0; i < _partitions.Length; i++)
            lock (_partitions[i])
                if (_partitions[i].Revision != _seen[i])
                    return false;
        return courseCount == _last.Popularity.CourseCount;
    }

    private static void FindChanged(CourseCounters counters, ref long seen, HashSet<int> changed)
    {
        var successors = counters.Successors;
        for (var course = 0; course < successors.Length; course++)
            if (successors[course] is { } row && row.ChangedAt > seen)
                changed.Add(course);
        seen = counters.Revision;
    }
}
