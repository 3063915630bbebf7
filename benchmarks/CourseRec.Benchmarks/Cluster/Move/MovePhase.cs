namespace CourseRec.Benchmarks.Cluster.Move;

/// <summary>What users saw while something was done to a node.</summary>
/// <param name="What">What was done.</param>
/// <param name="Moved">Users whose connection moved.</param>
/// <param name="AllBack">From the deed to the last of their first lists on a new connection, in seconds.</param>
/// <param name="PeakPerSecond">The most connections that one node took in a second.</param>
/// <param name="Away">From a connection's end to the first list of the next, in milliseconds.</param>
/// <param name="PushOfMoved">From an event's POST to the list that shows it, of users who moved, in
/// milliseconds.</param>
/// <param name="PushOfOthers">The same of users who did not.</param>
/// <param name="ClientErrors">Connections that clients gave up, and errors that they were told.</param>
/// <param name="Refused">Connections and requests that were refused, and events that had to be posted again.</param>
/// <param name="NodeSeconds">Processor time of the nodes that run in the end, in seconds.</param>
internal sealed record MovePhase(
    string What,
    int Moved,
    double AllBack,
    int PeakPerSecond,
    Spread Away,
    Spread PushOfMoved,
    Spread PushOfOthers,
    int ClientErrors,
    long Refused,
    double NodeSeconds
)
{
    private const long Second = 1000;

    /// <summary>Puts it together.</summary>
    /// <param name="what">What was done.</param>
    /// <param name="began">When, Unix milliseconds.</param>
    /// <param name="touches">What users did meanwhile; all of it was seen.</param>
    /// <param name="users">All users.</param>
    /// <param name="ownerOf">The node where a user is in the end.</param>
    /// <param name="refused">What nodes refused.</param>
    /// <param name="nodeSeconds">Processor time of the nodes.</param>
    public static MovePhase Of(
        string what,
        long began,
        IReadOnlyList<Touch> touches,
        WatchedUser[] users,
        Func<string, string> ownerOf,
        long refused,
        double nodeSeconds
    )
    {
        var moves = users
            .Select(user => (User: user, Changes: user.ChangesSince(began)))
            .Where(move => move.Changes.Length > 0)
            .ToArray();
        var returns = moves.SelectMany(move => Returns(move.User, move.Changes)).ToArray();
        var moved = moves.Select(move => move.User).ToHashSet();
        return new(
            what,
            moved.Count,
            returns.Length == 0 ? double.NaN : (returns.Max(r => r.Back) - began) / (double)Second,
            moves
                .SelectMany(move => move.Changes, (move, change) => (ownerOf(move.User.Name), change))
                .Where(taken => taken.change.Kind == "connected")
                .CountBy(taken => (taken.Item1, (taken.change.At - began) / Second))
                .Select(count => count.Value)
                .DefaultIfEmpty()
                .Max(),
            Spread.Of(returns.Select(r => (double)(r.Back - r.Gone))),
            Spread.Of(touches.Where(touch => moved.Contains(touch.User)).Select(touch => touch.SeenAfter)),
            Spread.Of(touches.Where(touch => !moved.Contains(touch.User)).Select(touch => touch.SeenAfter)),
            moves.Sum(move => move.Changes.Count(change => change.Kind is "closed" or "error")),
            refused,
            nodeSeconds
        );
    }

    private static IEnumerable<(long Gone, long Back)> Returns(WatchedUser user, Change[] changes) =>
        changes
            .Where(change => change.Kind is "reconnecting" or "closed")
            .Select(change => (change.At, user.PushesSince(change.At).First().At));
}

/// <summary>A sample's figures.</summary>
/// <param name="P50">The median.</param>
/// <param name="P99">The 99th percentile.</param>
/// <param name="Max">The greatest.</param>
internal sealed record Spread(double P50, double P99, double Max)
{
    /// <summary>Of a sample; NaN of an empty one.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new(Percentiles.Of(sorted, 0.5), Percentiles.Of(sorted, 0.99), Percentiles.Of(sorted, 1));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        double.IsNaN(P50)
            ? "–"
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{P50:N0} / {P99:N0} / {Max:N0}");
}
