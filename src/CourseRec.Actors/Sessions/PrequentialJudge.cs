using CourseRec.Actors.Learning;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Recommendations;
using CourseRec.Models;
using CourseRec.Models.Evaluation;

namespace CourseRec.Actors.Sessions;

/// <summary>
/// Prequential evaluation (Dawid 1984): each sampled discovery is ranked by every contender before it is applied and
/// learned from. The sample depends on the event's id alone.
/// </summary>
internal sealed class PrequentialJudge(
    double share,
    int historyLength,
    ListMaker lists,
    JudgeWindow window,
    InstantLearning instant,
    IJudgeSink? sink
)
{
    private readonly int[] _history = new int[historyLength];

    public bool IsSampled(ulong idHash) => (idHash >> 11) * (1.0 / (1UL << 53)) < share;

    /// <summary>Ranks an event's course for the session as it is before the event, by every contender.</summary>
    public IReadOnlyList<(string Contender, double Rank)> Judge(
        string user,
        UserSession session,
        in SessionEvent e,
        RecommenderSnapshot snapshot
    )
    {
        var history = session.Courses(e.Time, _history);
        var ranks = new (string Contender, double Rank)[snapshot.Contenders.Count];
        for (var i = 0; i < ranks.Length; i++)
        {
            var contender = snapshot.Contenders[i];
            ranks[i] = (contender.Name, Rank(session, e.Course, contender, history));
        }
        window.Add(ranks);
        if (e.Course < snapshot.Serving.CourseCount)
            instant.Offer(snapshot.Contenders, history, lists.Taken, e.Course);
        sink?.Judged(new(StableHash.Of(user), e.Course, e.Time, ranks));
        return ranks;
    }

    /// <summary>A course that the contender has never heard of is a miss at any k.</summary>
    private double Rank(UserSession session, int course, ICourseScorer contender, ReadOnlySpan<int> history) =>
        course < contender.CourseCount
            ? RankingMetrics.Rank(lists.Score(session, contender, history), course)
            : double.PositiveInfinity;
}
