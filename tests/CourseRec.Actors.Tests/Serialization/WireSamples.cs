using System.Text;
using Akka.Actor;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;
using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Tests.Serialization;

/// <summary>Messages that cross nodes, as odd as they can be.</summary>
/// <param name="random">What decides.</param>
/// <param name="actor">The actor that messages name.</param>
internal sealed class WireSamples(Random random, IActorRef actor)
{
    private static readonly long[] Longs = [long.MinValue, long.MinValue + 1, -1, 0, 1, int.MaxValue, long.MaxValue];

    private static readonly double[] Scores =
    [
        double.NaN,
        double.NegativeInfinity,
        double.PositiveInfinity,
        double.Epsilon,
        double.MaxValue,
        0,
        0.1,
    ];

    private static readonly string[] Texts =
    [
        "",
        "u17",
        "Jürgen Ø",
        "学习者",
        "👩🏽‍🎓",
        new('€', 128),
        "\0",
        "a\"b\\c\n",
    ];

    /// <summary>One of each message.</summary>
    public IReadOnlyList<object> OfEach() =>
        [
            new Wake(Number()),
            new GetSession(Text(), new LogVersion(Long())),
            new Recommend(Text(), Number(), new LogVersion(Long())),
            new StartWatch(Text(), new Watch(actor, Number()), Mark()),
            new EndWatch(Text(), actor),
            new SessionView(Text(), Number(), Long(), Long(), Long(), Several(Entry)),
            List(),
            Watching.It,
            new NewList(List(), Mark(), Maybe() ? Long() : null, OrNull(Text())),
            new Refusal(One(Enum.GetValues<RefusalKind>()), Text()),
            new PartitionStarted(Number()),
            new NodeCounted(Several(Counted)),
            new ProofPing(Long()),
            new ProofPong(Long(), Long()),
            DescribeNode.It,
            new NodeDescription(
                Text(),
                OrNull(Text()),
                Several(() => One(Enum.GetValues<NodeRole>())),
                Several(() => new ServedPartition(Number(), Long())),
                Text(),
                Text()
            ),
        ];

    /// <summary>Whether two messages say the same; records compare the lists in them by reference.</summary>
    public static bool AreSame(object one, object other) =>
        (one, other) switch
        {
            (RecommendationList a, RecommendationList b) => a with { Items = b.Items } == b
                && a.Items.SequenceEqual(b.Items),
            (NewList a, NewList b) => a with { List = b.List } == b && AreSame(a.List, b.List),
            (SessionView a, SessionView b) => a with { History = b.History } == b && a.History.SequenceEqual(b.History),
            (NodeCounted a, NodeCounted b) => a.Partitions.Zip(b.Partitions)
                .All(pair => AreSame(pair.First, pair.Second))
                && a.Partitions.Count == b.Partitions.Count,
            (PartitionCounted a, PartitionCounted b) => a.WithoutData() == b.WithoutData()
                && a.Change.Data.Span.SequenceEqual(b.Change.Data.Span),
            (NodeDescription a, NodeDescription b) => a with { Roles = b.Roles, Partitions = b.Partitions } == b
                && a.Roles.SequenceEqual(b.Roles)
                && a.Partitions.SequenceEqual(b.Partitions),
            _ => one.Equals(other),
        };

    private RecommendationList List() => new(Text(), Long(), Text(), Time(), Several(Item));

    private PartitionCounted Counted() =>
        new(Number(), new(new LogVersion(Long()), new LogVersion(Long()), Maybe(), Encoding.UTF8.GetBytes(Text())));

    private Recommendation Item() =>
        new(Text(), OrNull(Text()), One(Scores), new RecommendationReason(Text(), OrNull(Text())));

    private HistoryEntry Entry() => new(Text(), One(Enum.GetValues<InteractionType>()), Time());

    private ListMark Mark() => new(new LogVersion(Long()), Text(), Long());

    private DateTimeOffset Time() =>
        random.Next(4) switch
        {
            0 => DateTimeOffset.MinValue,
            1 => DateTimeOffset.MaxValue,
            _ => DateTimeOffset.UnixEpoch.AddTicks(random.NextInt64(1L << 58)).ToOffset(TimeSpan.FromHours(-9.5)),
        };

    private int Number() => random.Next(3) == 0 ? One([int.MinValue, -1, 0, int.MaxValue]) : random.Next();

    private long Long() => Maybe() ? One(Longs) : random.NextInt64(long.MinValue, long.MaxValue);

    private string Text() => One(Texts);

    private bool Maybe() => random.Next(2) == 0;

    private string? OrNull(string text) => Maybe() ? text : null;

    private T One<T>(T[] of) => of[random.Next(of.Length)];

    private T[] Several<T>(Func<T> make) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => make())];
}
