namespace CourseRec.Benchmarks.Chaos;

/// <summary>What watched users saw of an action, or of a pause.</summary>
/// <param name="Action">What was done; null in a pause.</param>
/// <param name="Away">From its beginning until all that was taken away was started again.</param>
/// <param name="Ended">Nodes that ended meanwhile though nobody had told them to.</param>
/// <param name="Interrupted">Users who saw nothing for longer than <see cref="Noticed"/>.</param>
/// <param name="Recovered">From its beginning until everybody got pushes again; zero when nobody was
/// interrupted.</param>
/// <param name="LongestGap">The longest that a user saw nothing.</param>
/// <param name="Worst">That user.</param>
internal sealed record Disturbance(
    ChaosAction? Action,
    TimeSpan Away,
    int Ended,
    int Interrupted,
    TimeSpan Recovered,
    TimeSpan LongestGap,
    string Worst
)
{
    /// <summary>A user gets a list every half second; a longer silence than this is an interruption.</summary>
    public static readonly TimeSpan Noticed = TimeSpan.FromSeconds(1.2);

    /// <summary>Looks back to a moment (Unix milliseconds), when everybody got pushes, as they do now.</summary>
    public static Disturbance Since(
        long began,
        ChaosAction? action,
        TimeSpan away,
        int ended,
        IEnumerable<WatchedUser> users
    )
    {
        var (interrupted, recovered, longest, worst) = (0, began, 0L, "nobody");
        foreach (var user in users)
        {
            var wasInterrupted = false;
            foreach (var (from, to) in user.GapsSince(began))
            {
                if (to - from > longest)
                    (longest, worst) = (to - from, user.Name);
                if (to - from <= Noticed.TotalMilliseconds)
                    continue;
                wasInterrupted = true;
                recovered = Math.Max(recovered, to);
            }
            interrupted += wasInterrupted ? 1 : 0;
        }
        return new(
            action,
            away,
            ended,
            interrupted,
            TimeSpan.FromMilliseconds(recovered - began),
            TimeSpan.FromMilliseconds(longest),
            worst
        );
    }
}
