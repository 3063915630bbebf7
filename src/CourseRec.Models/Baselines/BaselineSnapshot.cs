using CourseRec.Models.Instant;

namespace CourseRec.Models.Baselines;

/// <summary>One consistent, immutable view of the counters, and the scorers over it.</summary>
public sealed class BaselineSnapshot
{
    private readonly SuccessorList?[] _successors;
    private SnapshotFeatures? _features;

    internal BaselineSnapshot(
        string version,
        PopularityShares popularity,
        PopularityShares daily,
        PopularityShares hourly,
        CourseAges ages,
        SuccessorList?[] successors
    )
    {
        (Weekly, Daily, Hourly, Ages, _successors) = (popularity, daily, hourly, ages, successors);
        Popularity = new PopularityScorer(version, popularity.Shares);
        BlendScorer = new(version, popularity.Shares, successors);
    }

    /// <summary>A snapshot that knows nothing: it scores no course.</summary>
    public static BaselineSnapshot Empty { get; } =
        new("baseline-0", new([], 0), new([], 0), new([], 0), new CourseAges(), []);

    /// <summary>Names this very snapshot.</summary>
    public string Version => Popularity.Version;

    /// <summary>The snapshot knows courses 0 … CourseCount − 1.</summary>
    public int CourseCount => Popularity.CourseCount;

    internal BlendScorer BlendScorer { get; }

    internal PopularityShares Weekly { get; }

    internal PopularityShares Daily { get; }

    internal PopularityShares Hourly { get; }

    internal CourseAges Ages { get; }

    /// <summary>What the instant layer says of each course whoever asks; made when first asked for.</summary>
    internal SnapshotFeatures Features =>
        _features ?? Interlocked.CompareExchange(ref _features, new(this), null) ?? _features;

    /// <summary>Time-decayed popularity.</summary>
    public ICourseScorer Popularity { get; }

    /// <summary>Transitions from the last courses, smoothed by popularity.</summary>
    public ICourseScorer Blend => BlendScorer;

    internal SuccessorList? ListOf(int course) => (uint)course < (uint)_successors.Length ? _successors[course] : null;

    /// <summary>
    /// The courses most often taken after one, best first; ties go to the lower index. The weight is the share of all
    /// that followed, from 0 to 1.
    /// </summary>
    public IReadOnlyList<(int Course, double Weight)> Successors(int course, int count)
    {
        if (ListOf(course) is not { } list)
            return [];
        return
        [
            .. list
                .Courses.Zip(list.Weights, (next, weight) => (next, (double)weight))
                .OrderByDescending(next => next.Item2)
                .ThenBy(next => next.next)
                .Take(count),
        ];
    }
}
