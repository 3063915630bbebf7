namespace CourseRec.Benchmarks.Online.Analysis;

/// <summary>
/// How much better one contender is than another on the same events, with a percentile interval by a bootstrap over
/// users (Efron and Tibshirani 1993): a user's events hang together, so whole users are drawn, with replacement.
/// </summary>
internal static class PairedBootstrap
{
    /// <summary>Resamples behind an interval.</summary>
    public const int Resamples = 2_000;

    private const double Tail = 0.025;

    /// <summary>Compares a metric's sums: Σ mine / Σ theirs − 1.</summary>
    /// <param name="pairs">Every event's user and both contenders' metric.</param>
    /// <param name="seed">Seeds the resampling.</param>
    public static Comparison Compare(IEnumerable<(ulong User, double Mine, double Theirs)> pairs, int seed)
    {
        var users = new Dictionary<ulong, int>();
        var sums = new List<(double Mine, double Theirs)>();
        var events = 0;
        foreach (var (user, mine, theirs) in pairs)
        {
            if (!users.TryGetValue(user, out var at))
            {
                users[user] = at = sums.Count;
                sums.Add(default);
            }
            sums[at] = (sums[at].Mine + mine, sums[at].Theirs + theirs);
            events++;
        }
        if (events == 0)
            return new(0, 0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        var (sumMine, sumTheirs) = (sums.Sum(s => s.Mine), sums.Sum(s => s.Theirs));
        var drawn = Draw([.. sums], seed);
        return new(
            events,
            sums.Count,
            sumMine / events,
            sumTheirs / events,
            Relative(sumMine, sumTheirs),
            Percentiles.Of(drawn, Tail),
            Percentiles.Of(drawn, 1 - Tail)
        );
    }

    /// <summary>The resamples' differences, ascending.</summary>
    private static double[] Draw((double Mine, double Theirs)[] users, int seed)
    {
        var random = new Random(seed);
        var drawn = new double[Resamples];
        foreach (ref var relative in drawn.AsSpan())
        {
            var (mine, theirs) = (0.0, 0.0);
            for (var i = 0; i < users.Length; i++)
            {
                ref readonly var user = ref users[random.Next(users.Length)];
                mine += user.Mine;
                theirs += user.Theirs;
            }
            relative = Relative(mine, theirs);
        }
        Array.Sort(drawn);
        return drawn;
    }

    private static double Relative(double mine, double theirs) =>
        theirs > 0 ? mine / theirs - 1
        : mine > 0 ? double.PositiveInfinity
        : 0;
}

/// <summary>One contender against another, on the same events.</summary>
/// <param name="Events">Events compared.</param>
/// <param name="Users">Users that they are of.</param>
/// <param name="Mine">The mean of the one; NaN without events, as all that follows.</param>
/// <param name="Theirs">The mean of the other.</param>
/// <param name="Relative">Mine / Theirs − 1.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end.</param>
internal sealed record Comparison(
    int Events,
    int Users,
    double Mine,
    double Theirs,
    double Relative,
    double Low,
    double High
);
