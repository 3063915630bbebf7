namespace CourseRec.Benchmarks.Cluster.Move;

/// <summary>What users saw while something was done to a node.</summary>
/// <param name="What">What was done.</param>
/// <param name="Moved">Users whose partition moved.</param>
/// <param name="Reconnects">Connections that ended; their sockets are on nodes that stay.</param>
/// <param name="ServedAgain">
/// From the deed until the last of the events that waited for it was seen, in seconds; zero when none did.
/// </param>
/// <param name="PushOfMoved">From an event's POST to the list that shows it, of users whose partition moved, in
/// milliseconds.</param>
/// <param name="PushOfOthers">The same of users whose partition did not.</param>
/// <param name="ClientErrors">Connections that clients gave up, and errors that they were told.</param>
/// <param name="Refused">Connections and requests that were refused, and events that had to be posted again.</param>
/// <param name="NodeSeconds">Processor time of the nodes that run in the end, in seconds.</param>
internal sealed record MovePhase(
    string What,
    int Moved,
    int Reconnects,
    double ServedAgain,
    Spread PushOfMoved,
    Spread PushOfOthers,
    int ClientErrors,
    long Refused,
    double NodeSeconds
)
{
    private const double Second = 1000;

    /// <summary>An event that was seen later than this had to wait for its user to be served again.</summary>
    private const double Noticed = 300;

    /// <summary>Puts it together.</summary>
    /// <param name="what">What was done.</param>
    /// <param name="began">When, Unix milliseconds.</param>
    /// <param name="touches">What users did meanwhile; all of it was seen.</param>
    /// <param name="users">All users.</param>
    /// <param name="hasMoved">Whether a user's partition has moved.</param>
    /// <param name="refused">What nodes refused.</param>
    /// <param name="nodeSeconds">Processor time of the nodes.</param>
    public static MovePhase Of(
        string what,
        long began,
        IReadOnlyList<Touch> touches,
        WatchedUser[] users,
        Func<string, bool> hasMoved,
        long refused,
        double nodeSeconds
    )
    {
        var changes = users.SelectMany(user => user.ChangesSince(began)).ToArray();
        var seen = touches.ToLookup(touch => hasMoved(touch.User.Name));
        return new(
            what,
            users.Count(user => hasMoved(user.Name)),
            changes.Count(change => change.Kind is "reconnecting" or "closed"),
            seen[true]
                .Where(touch => touch.SeenAfter > Noticed)
                .Select(touch => (touch.At + touch.SeenAfter - began) / Second)
                .DefaultIfEmpty()
                .Max(),
            Spread.Of(seen[true].Select(touch => touch.SeenAfter)),
            Spread.Of(seen[false].Select(touch => touch.SeenAfter)),
            changes.Count(change => change.Kind is "closed" or "error"),
            refused,
            nodeSeconds
        );
    }
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
