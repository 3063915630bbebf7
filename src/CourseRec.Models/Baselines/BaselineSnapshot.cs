namespace CourseRec.Models.Baselines;

/// <summary>One consistent, immutable view of the counters, and the scorers over it.</summary>
public sealed class BaselineSnapshot
{
    private readonly SuccessorList?[] _successors;

    internal BaselineSnapshot(string version, float[] popularity, SuccessorList?[] successors)
    {
        _successors = successors;
        Popularity = new PopularityScorer(version, popularity);
        Blend = new BlendScorer(version, popularity, successors);
    }

    /// <summary>A snapshot that knows nothing: it scores no course.</summary>
    public static BaselineSnapshot Empty { get; } = new("baseline-0", [], []);

    /// <summary>Time-decayed popularity.</summary>
    public ICourseScorer Popularity { get; }

    /// <summary>Transitions from the last courses, smoothed by popularity.</summary>
    public ICourseScorer Blend { get; }

    /// <summary>
    /// The courses most often taken after one, best first; ties go to the lower index. The weight is the share of all that
    /// followed, from 0 to 1.
    /// </summary>
    public IReadOnlyList<(int Course, double Weight)> Successors(int course, int count)
    {
        if ((uint)course >= (uint)_successors.Length || _successors[course] is not { } list)
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
