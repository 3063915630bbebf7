namespace CourseRec.Actors.Learning;

/// <summary>Is told every judged event, one by one: for measurements that averages can't answer.</summary>
public interface IJudgeSink
{
    /// <summary>
    /// Takes a judged event. Called by users' actors, several at once: must be quick and must not throw.
    /// </summary>
    void Judged(in JudgedEvent e);
}

/// <summary>A discovery and where every contender ranked it before it was applied and learned from.</summary>
/// <param name="User">The user's stable hash.</param>
/// <param name="Course">The course's process index.</param>
/// <param name="Time">Event time, Unix milliseconds.</param>
/// <param name="Ranks">Each contender's rank of the course, from 1; infinite when it does not know the course.</param>
public readonly record struct JudgedEvent(
    ulong User,
    int Course,
    long Time,
    IReadOnlyList<(string Contender, double Rank)> Ranks
);
