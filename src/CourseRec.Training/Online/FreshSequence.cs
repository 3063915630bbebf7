using CourseRec.Actors.Learning;

namespace CourseRec.Training.Online;

/// <summary>A user's courses, of which the last few are still to be learned.</summary>
internal sealed class FreshSequence(in Example first)
{
    private readonly List<long> _acceptedAt = [first.AcceptedAt];

    public ulong User { get; } = first.User;

    /// <summary>Process indices, oldest first.</summary>
    public int[] Courses { get; private set; } = first.Courses;

    /// <summary>When the examples in here were accepted, Unix milliseconds.</summary>
    public IReadOnlyList<long> AcceptedAt => _acceptedAt;

    /// <summary>How many of the last courses are targets.</summary>
    public int Fresh => _acceptedAt.Count;

    /// <summary>
    /// Takes the user's next example in, if it goes on exactly where this ends and the oldest target keeps a course
    /// before it.
    /// </summary>
    public bool TryExtend(in Example next)
    {
        var same = Math.Min(Courses.Length, next.Context.Length);
        if (Fresh + 1 >= next.Courses.Length || !next.Context[^same..].SequenceEqual(Courses.AsSpan(^same..)))
            return false;
        Courses = next.Courses;
        _acceptedAt.Add(next.AcceptedAt);
        return true;
    }
}
