namespace CourseRec.Actors.Learning;

/// <summary>
/// Takes what users teach: every discovery (a positive interaction with a course that is not in the user's
/// history), once, right after it was judged. A discovery is taught no second time when its record is replayed.
/// </summary>
public interface IExampleSink
{
    /// <summary>
    /// Takes an example. Called by users' actors, several at once: must be quick, must not wait and must not
    /// throw.
    /// </summary>
    void Teach(in Example example);

    /// <summary>
    /// Forgets a user's examples, of which none may be kept, repeated or stored again: the user was erased. Called as
    /// <see cref="Teach"/> is, in order with it, and perhaps again when the log is replayed.
    /// </summary>
    /// <param name="user">The user's stable hash.</param>
    void Forget(ulong user);
}

/// <summary>One discovery to learn from.</summary>
/// <param name="User">The user's stable hash. A user's examples come in order, but one placed late may lack what came
/// before it.</param>
/// <param name="Courses">
/// Process course indices: up to <see cref="MaxContext"/> of the history before the discovery, oldest first, then the
/// discovered course.
/// </param>
/// <param name="AcceptedAt">When the event was accepted, Unix milliseconds.</param>
public readonly record struct Example(ulong User, int[] Courses, long AcceptedAt)
{
    /// <summary>The most courses before the discovered one.</summary>
    public const int MaxContext = 32;

    /// <summary>The discovered course.</summary>
    public int Target => Courses[^1];

    /// <summary>The courses before it, oldest first; none for a new user.</summary>
    public ReadOnlySpan<int> Context => Courses.AsSpan(0, Courses.Length - 1);
}
