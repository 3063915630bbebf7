using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;
using CourseRec.Models.Baselines;
using CourseRec.Models.Interactions;

namespace CourseRec.Node.Options;

/// <summary>Sessions and the shards that hold them. Section <c>Sessions</c>; defaults are the actors' own.</summary>
public sealed record SessionOptions
{
    private static readonly FoldRules DefaultRules = new();
    private static readonly SessionHostOptions Default = new();

    /// <inheritdoc cref="FoldRules.HistoryLength"/>
    [Whole(1, 1_000)]
    public int HistoryLength { get; init; } = DefaultRules.HistoryLength;

    /// <summary>Interactions that build the history; null: those of <see cref="FoldRules"/>.</summary>
    public IReadOnlyList<InteractionType>? Positive { get; init; }

    /// <inheritdoc cref="FoldRules.MinimumRating"/>
    [Number(-1e6, 1e6)]
    public double MinimumRating { get; init; } = DefaultRules.MinimumRating;

    /// <summary>
    /// Interactions that take a course out of the recommendations; null: those of <see cref="FoldRules"/>.
    /// </summary>
    public IReadOnlyList<InteractionType>? Taking { get; init; }

    /// <inheritdoc cref="FoldRules.TakenLimit"/>
    [Whole(0, 1_000)]
    public int TakenLimit { get; init; } = DefaultRules.TakenLimit;

    /// <inheritdoc cref="SessionHostOptions.MaxResidentSessions"/>
    [Whole(1, int.MaxValue)]
    public int MaxResident { get; init; } = Default.MaxResidentSessions;

    /// <inheritdoc cref="SessionHostOptions.MailboxRecords"/>
    [Whole(1, 1 << 24)]
    public int MailboxRecords { get; init; } = Default.MailboxRecords;

    /// <inheritdoc cref="SessionHostOptions.MaxActiveUsers"/>
    [Whole(1, 1 << 24)]
    public int MaxActive { get; init; } = Default.MaxActiveUsers;

    /// <inheritdoc cref="SessionHostOptions.FlushInterval"/>
    [Duration("1ms", "60s")]
    public TimeSpan FlushInterval { get; init; } = Default.FlushInterval;

    /// <inheritdoc cref="SessionHostOptions.MaxUnstoredRecords"/>
    [Whole(1, 1 << 24)]
    public int MaxUnstored { get; init; } = Default.MaxUnstoredRecords;

    /// <inheritdoc cref="SessionHostOptions.Rewind"/>
    [Duration("0ms", "1d")]
    public TimeSpan Rewind { get; init; } = Default.Rewind;

    /// <summary>The rules by which sessions fold.</summary>
    public FoldRules Rules =>
        new()
        {
            HistoryLength = HistoryLength,
            Positive = Positive ?? DefaultRules.Positive,
            MinimumRating = MinimumRating,
            Taking = Taking ?? DefaultRules.Taking,
            TakenLimit = TakenLimit,
        };

    /// <summary>The session host's settings.</summary>
    internal SessionHostOptions HostOptions(NodeOptions node) =>
        new()
        {
            Placement =
                node.OnlyTrains ? Placement.Learning
                : node.Cluster.Has(NodeRole.Session) ? Placement.Sharded
                : Placement.Elsewhere,
            Node = node.Cluster.Name,
            WaitForOwner = node.Cluster.WaitForOwner,
            Rules = Rules,
            Baselines = new()
            {
                PopularityHalfLife = node.Recommend.PopularityHalfLife,
                TransitionHalfLife = node.Recommend.TransitionHalfLife,
                SuccessorsPerCourse = node.Recommend.SuccessorsPerCourse,
            },
            MaxResidentSessions = MaxResident,
            MailboxRecords = MailboxRecords,
            MaxActiveUsers = MaxActive,
            FlushInterval = FlushInterval,
            MaxUnstoredRecords = MaxUnstored,
            Rewind = Rewind,
            JudgedShare = node.Recommend.JudgedShare,
            JudgeWindow = node.Recommend.JudgeWindow,
            PublishInterval = node.Recommend.PublishInterval,
            CountersInterval = node.Recommend.CountersInterval,
        };
}

/// <summary>The recommender and its judge. Section <c>Recommend</c>; the defaults are the actors' own.</summary>
public sealed record RecommendOptions
{
    private static readonly SessionHostOptions Default = new();

    /// <inheritdoc cref="BaselineOptions.PopularityHalfLife"/>
    [Duration("60s", "3650d")]
    public TimeSpan PopularityHalfLife { get; init; } = Default.Baselines.PopularityHalfLife;

    /// <inheritdoc cref="BaselineOptions.TransitionHalfLife"/>
    [Duration("60s", "3650d")]
    public TimeSpan TransitionHalfLife { get; init; } = Default.Baselines.TransitionHalfLife;

    /// <inheritdoc cref="BaselineOptions.SuccessorsPerCourse"/>
    [Whole(1, 4096)]
    public int SuccessorsPerCourse { get; init; } = Default.Baselines.SuccessorsPerCourse;

    /// <inheritdoc cref="SessionHostOptions.JudgedShare"/>
    [Number(0, 1)]
    public double JudgedShare { get; init; } = Default.JudgedShare;

    /// <inheritdoc cref="SessionHostOptions.JudgeWindow"/>
    [Whole(1, 1_000_000)]
    public int JudgeWindow { get; init; } = Default.JudgeWindow;

    /// <inheritdoc cref="SessionHostOptions.PublishInterval"/>
    [Duration("1ms", "3600s")]
    public TimeSpan PublishInterval { get; init; } = Default.PublishInterval;

    /// <inheritdoc cref="SessionHostOptions.CountersInterval"/>
    [Duration("1ms", "3600s")]
    public TimeSpan CountersInterval { get; init; } = Default.CountersInterval;
}
