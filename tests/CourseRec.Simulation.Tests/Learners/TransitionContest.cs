using CourseRec.Models.Interactions;
using CourseRec.Simulation.Learners;

namespace CourseRec.Simulation.Tests.Learners;

/// <summary>
/// Prequential HR@10 in full ranking of first-time clicks and enrolments: a plain first-order transition counter (ties
/// by popularity) against popularity. What the user has already chosen does not compete.
/// </summary>
internal sealed class TransitionContest(int courses)
{
    private readonly int[,] _transitions = new int[courses, courses];
    private readonly int[] _popularity = new int[courses];
    private readonly Dictionary<int, User> _users = [];

    /// <summary>Whether the counters still learn.</summary>
    public bool Learning { get; set; } = true;

    /// <summary>Events judged since the last <see cref="Restart"/>.</summary>
    public int Judged { get; private set; }

    private int _transitionHits;
    private int _popularityHits;

    public double TransitionHitRate => (double)_transitionHits / Judged;

    public double PopularityHitRate => (double)_popularityHits / Judged;

    public void Restart() => (Judged, _transitionHits, _popularityHits) = (0, 0, 0);

    public void Observe(in SimulatedEvent simulated)
    {
        if (simulated.Type is not (InteractionType.Click or InteractionType.Enroll))
            return;
        if (!_users.TryGetValue(simulated.User, out var user))
            _users[simulated.User] = user = new User();
        if (!user.Seen.Contains(simulated.Course))
            Judge(simulated.Course, user);
        user.Seen.Add(simulated.Course);
        user.Last = simulated.Course;
    }

    private void Judge(int course, User user)
    {
        var (transitionRank, popularityRank) = (1, 1);
        for (var other = 0; other < courses; other++)
        {
            if (other == course || user.Seen.Contains(other))
                continue;
            var morePopular = _popularity[other] >= _popularity[course];
            var more = user.Last < 0 ? 0 : _transitions[user.Last, other] - _transitions[user.Last, course];
            popularityRank += morePopular ? 1 : 0;
            transitionRank += more > 0 || (more == 0 && morePopular) ? 1 : 0;
        }
        Judged++;
        _transitionHits += transitionRank <= 10 ? 1 : 0;
        _popularityHits += popularityRank <= 10 ? 1 : 0;
        if (!Learning)
            return;
        _popularity[course]++;
        if (user.Last >= 0)
            _transitions[user.Last, course]++;
    }

    private sealed class User
    {
        public HashSet<int> Seen { get; } = [];
        public int Last { get; set; } = -1;
    }
}
