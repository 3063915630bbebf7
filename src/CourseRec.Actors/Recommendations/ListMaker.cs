using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Sessions;
using CourseRec.Models;
using CourseRec.Models.Catalogue;

namespace CourseRec.Actors.Recommendations;

/// <summary>
/// Ranks all courses for a user, exactly: score, filter (taken, dismissed, unavailable), select. Scratch space of one thread.
/// </summary>
internal sealed class ListMaker(CourseIndex courses, CourseCatalogue catalogue, int historyLength)
{
    private readonly int[] _history = new int[historyLength];
    private readonly List<int> _taken = [];
    private float[] _scores = [];

    /// <summary>The user's best courses.</summary>
    public IReadOnlyList<Recommendation> Make(UserSession session, ICourseScorer scorer, int count)
    {
        var history = session.Courses(long.MaxValue, _history);
        var scores = Score(session, scorer, history);
        return Select(
            scores,
            count,
            course => Reason(scorer.Explain(session.Courses(long.MaxValue, _history), course))
        );
    }

    /// <summary>The best of given scores.</summary>
    public IReadOnlyList<Recommendation> Select(Span<float> scores, int count, Func<int, RecommendationReason> reason)
    {
        Span<int> best = stackalloc int[count];
        int found;
        do found = TopK.Select(scores, best);
        while (MaskUnavailable(scores, best[..found]));
        var items = new Recommendation[found];
        for (var i = 0; i < found; i++)
            items[i] = new(courses[best[i]], catalogue.Title(best[i]), scores[best[i]], reason(best[i]));
        return items;
    }

    /// <summary>Every course's score for a user, −∞ for what the user has taken. Valid until the next call.</summary>
    public Span<float> Score(UserSession session, ICourseScorer scorer, ReadOnlySpan<int> history)
    {
        if (_scores.Length < scorer.CourseCount)
            _scores = new float[scorer.CourseCount * 2];
        var scores = _scores.AsSpan(0, scorer.CourseCount);
        scorer.Score(history, scores);
        _taken.Clear();
        session.AddTakenTo(_taken);
        foreach (var course in _taken)
        {
            if (course < scores.Length)
                scores[course] = float.NegativeInfinity;
        }
        return scores;
    }

    private bool MaskUnavailable(Span<float> scores, ReadOnlySpan<int> best)
    {
        var masked = false;
        foreach (var course in best)
        {
            if (catalogue.IsAvailable(course))
                continue;
            scores[course] = float.NegativeInfinity;
            masked = true;
        }
        return masked;
    }

    private RecommendationReason Reason(int course) =>
        course < 0 ? new("popular", null) : new("history", courses[course]);
}
