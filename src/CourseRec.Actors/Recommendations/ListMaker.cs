using System.Runtime.InteropServices;
using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Sessions;
using CourseRec.Models;
using CourseRec.Models.Catalogue;

namespace CourseRec.Actors.Recommendations;

/// <summary>
/// Ranks all courses for a user, exactly: score, filter (taken, dismissed, unavailable), select. Scratch space of one
/// thread.
/// </summary>
internal sealed class ListMaker(CourseIndex courses, CourseCatalogue catalogue, int historyLength)
{
    private readonly int[] _history = new int[historyLength];
    private readonly List<int> _taken = [];
    private float[] _scores = [];

    /// <summary>What the user scored last has taken or dismissed.</summary>
    public ReadOnlySpan<int> Taken => CollectionsMarshal.AsSpan(_taken);

    /// <summary>The user's best courses, each with the reason.</summary>
    public IReadOnlyList<Recommendation> Make(UserSession session, ICourseScorer scorer, int count)
    {
        var history = session.Courses(long.MaxValue, _history);
        var scores = Score(session, scorer, history);
        Span<int> room = stackalloc int[count];
        var best = room[..TopK.Select(scores, room)];
        var items = new Recommendation[best.Length];
        for (var i = 0; i < best.Length; i++)
            items[i] = Item(best[i], scores[best[i]], Reason(scorer.Explain(history, best[i])));
        return items;
    }

    /// <summary>The best of given scores, all for one reason.</summary>
    public IReadOnlyList<Recommendation> Make(Span<float> scores, int count, RecommendationReason reason)
    {
        Mask(scores, catalogue.Unavailable);
        Span<int> room = stackalloc int[count];
        var best = room[..TopK.Select(scores, room)];
        var items = new Recommendation[best.Length];
        for (var i = 0; i < best.Length; i++)
            items[i] = Item(best[i], scores[best[i]], reason);
        return items;
    }

    /// <summary>
    /// Every course's score for a user, −∞ for what must not be recommended. Valid until the next call.
    /// </summary>
    public Span<float> Score(UserSession session, ICourseScorer scorer, ReadOnlySpan<int> history)
    {
        if (_scores.Length < scorer.CourseCount)
            _scores = new float[scorer.CourseCount * 2];
        var scores = _scores.AsSpan(0, scorer.CourseCount);
        scorer.Score(history, scores);
        Mask(scores, catalogue.Unavailable);
        _taken.Clear();
        session.AddTakenTo(_taken);
        Mask(scores, Taken);
        return scores;
    }

    private static void Mask(Span<float> scores, ReadOnlySpan<int> masked)
    {
        foreach (var course in masked)
        {
            if (course < scores.Length)
                scores[course] = float.NegativeInfinity;
        }
    }

    private Recommendation Item(int course, float score, RecommendationReason reason) =>
        new(courses[course], catalogue.Title(course), score, reason);

    private RecommendationReason Reason(int course) =>
        course < 0 ? RecommendationReason.Popular : new("history", courses[course]);
}
