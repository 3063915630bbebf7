namespace CourseRec.Benchmarks.Chaos;

/// <summary>
/// What is done to a cluster, in an order that a seed decides: every kind once, then every kind once again in another
/// order.
/// </summary>
internal static class ChaosSchedule
{
    /// <summary>The nodes that serve all the time.</summary>
    public static readonly IReadOnlyList<string> Nodes = ["a", "b", "c"];

    /// <summary>The node that comes and goes.</summary>
    public const string Guest = "d";

    /// <summary>Everything that can be done.</summary>
    public static readonly IReadOnlyList<ChaosKind> AllKinds = Enum.GetValues<ChaosKind>();

    private static readonly TimeSpan Briefly = TimeSpan.FromSeconds(2);

    private static readonly ChaosKind[] QuickKinds =
    [
        ChaosKind.Kill,
        ChaosKind.Terminate,
        ChaosKind.Freeze,
        ChaosKind.Cut,
        ChaosKind.Join,
        ChaosKind.KillBroker,
        ChaosKind.KillCassandra,
    ];

    /// <summary>So many rounds of every kind.</summary>
    /// <param name="seed">Another seed, another order, other nodes and times.</param>
    /// <param name="kinds">What is done.</param>
    /// <param name="rounds">How often every kind comes.</param>
    /// <param name="patience">A node is frozen, or cut off, for longer.</param>
    public static IReadOnlyList<ChaosAction> Of(int seed, IReadOnlyList<ChaosKind> kinds, int rounds, TimeSpan patience)
    {
        var random = new Random(seed);
        var actions = new List<ChaosAction>();
        for (var round = 0; round < rounds; round++)
        {
            var order = kinds.ToArray();
            random.Shuffle(order);
            actions.AddRange(order.Select(kind => Next(kind, random, patience)));
        }
        return actions;
    }

    /// <summary>
    /// The shortest that has a node killed, stopped, frozen and cut off, one that joins, and both servers killed.
    /// </summary>
    public static IReadOnlyList<ChaosAction> Quick(int seed, TimeSpan patience)
    {
        var random = new Random(seed);
        var kinds = QuickKinds.ToArray();
        random.Shuffle(kinds);
        return
        [
            .. kinds.Select(kind => new ChaosAction(
                kind,
                NodeOf(kind, random),
                kind is ChaosKind.Freeze or ChaosKind.Cut ? patience + TimeSpan.FromSeconds(1.5) : TimeSpan.Zero,
                TimeSpan.Zero
            )),
        ];
    }

    private static ChaosAction Next(ChaosKind kind, Random random, TimeSpan patience)
    {
        var (least, most) = kind switch
        {
            ChaosKind.Freeze or ChaosKind.Cut => (patience.TotalSeconds + 1, patience.TotalSeconds + 7),
            ChaosKind.FreezeBriefly => (Briefly.TotalSeconds, Briefly.TotalSeconds),
            ChaosKind.Join => (1, 8),
            ChaosKind.Rolling => (0, 0),
            ChaosKind.FreezeBroker or ChaosKind.FreezeCassandra => (1, 10),
            _ => (0.0, 10.0),
        };
        // As often at once as after a while.
        var isShort = kind is not (ChaosKind.Freeze or ChaosKind.Cut) && random.Next(2) == 0;
        var away = isShort ? least : least + (most - least) * random.NextDouble();
        return new(
            kind,
            NodeOf(kind, random),
            TimeSpan.FromSeconds(away),
            TimeSpan.FromSeconds(1 + 7 * random.NextDouble())
        );
    }

    private static string? NodeOf(ChaosKind kind, Random random) =>
        kind switch
        {
            ChaosKind.Kill or ChaosKind.Terminate or ChaosKind.Freeze or ChaosKind.FreezeBriefly or ChaosKind.Cut =>
                Nodes[random.Next(Nodes.Count)],
            ChaosKind.Join => Guest,
            _ => null,
        };
}
