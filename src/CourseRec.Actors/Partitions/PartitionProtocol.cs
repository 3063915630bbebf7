using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// Keeps a partition running: the shard region starts one that it has no actor of. Not answered.
/// </summary>
/// <param name="Partition">The partition.</param>
internal sealed record Wake(int Partition);

/// <summary>
/// Store what was folded, and stop: the partition goes to another node, or the node ends. What is not stored in time is
/// dropped; the next owner reads it from the log once more.
/// </summary>
internal sealed record Drain
{
    public static Drain It { get; } = new();
}

/// <summary>A question about a user, answered by the user's actor, or with a <see cref="Refusal"/>.</summary>
/// <param name="User">The user.</param>
internal abstract record Question(string User);

/// <summary>A question that may ask to see what the asker has written.</summary>
/// <param name="User">The user.</param>
/// <param name="After">The partition is to have folded this before it answers; it waits
/// <see cref="Patience"/>.</param>
internal abstract record Read(string User, LogVersion After) : Question(User)
{
    /// <summary>How long an answer may wait for what was written.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>After so long nobody waits for the answer any more: the question is asked again.</summary>
    public static readonly TimeSpan AnswerTime = Patience + TimeSpan.FromSeconds(1);
}

/// <summary>Asks for the session; answered with a <see cref="SessionView"/>.</summary>
internal sealed record GetSession(string User, LogVersion After = default) : Read(User, After);

/// <summary>Asks for the list now; answered with a <see cref="RecommendationList"/>.</summary>
internal sealed record Recommend(string User, int Count, LogVersion After = default) : Read(User, After);

/// <summary>
/// Begins a watch, or renews it: one that is not renewed within <see cref="Watch.Lease"/> ends. Answered with
/// <see cref="Watching"/>; the watcher is told a <see cref="NewList"/> when it has not seen the list as it is now, and
/// whenever that changes.
/// </summary>
/// <param name="User">The user.</param>
/// <param name="Watch">Who watches.</param>
/// <param name="Seen">The list that the watcher has.</param>
internal sealed record StartWatch(string User, Watch Watch, ListMark Seen) : Question(User);

/// <summary>Ends a watch; not answered.</summary>
internal sealed record EndWatch(string User, IActorRef Watcher) : Question(User);

/// <summary>Somebody who watches a user.</summary>
/// <param name="Watcher">Where the lists go.</param>
/// <param name="Count">How many courses they want.</param>
internal sealed record Watch(IActorRef Watcher, int Count)
{
    /// <summary>A watch ends when it was not renewed for so long: its node may be gone.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
}

/// <summary>The watch has begun, or goes on.</summary>
internal sealed record Watching
{
    public static Watching It { get; } = new();
}

/// <summary>
/// What tells one list of a user from another: a list of a higher version is newer; of one version, one of the same
/// owner with a higher number.
/// </summary>
/// <param name="Version">The session's version.</param>
/// <param name="Model">The model snapshot that ranked it.</param>
/// <param name="Number">Counts the lists that one owner sent to one watcher, from 1.</param>
internal readonly record struct ListMark(LogVersion Version, string Model, long Number)
{
    /// <summary>No list was seen.</summary>
    public static ListMark None { get; } = new(LogVersion.None, "", 0);
}

/// <summary>A watched user's list.</summary>
/// <param name="List">The list.</param>
/// <param name="Mark">Which one it is.</param>
/// <param name="AcceptedAt">When the newest event that it reflects was accepted (Unix milliseconds); null when none
/// caused it.</param>
/// <param name="Trace">The trace that it goes on with, as a W3C traceparent; null for none.</param>
internal sealed record NewList(RecommendationList List, ListMark Mark, long? AcceptedAt, string? Trace);

/// <summary>A question that is not answered.</summary>
/// <param name="Why">Whether it makes sense to ask again.</param>
/// <param name="Reason">The reason, for people.</param>
internal sealed record Refusal(RefusalKind Why, string Reason);

/// <summary>Why a question is not answered. The numbers cross from node to node.</summary>
internal enum RefusalKind
{
    /// <summary>The partition is being restored, or moves: ask again in a moment.</summary>
    NotYet = 0,

    /// <summary>The partition has stopped, for a reason that does not pass by itself.</summary>
    Stopped = 1,

    /// <summary>The store or the log is away, or too many questions wait for them.</summary>
    Away = 2,

    /// <summary>The user is parked.</summary>
    Parked = 3,

    /// <summary>An error of ours; it is logged where it happened.</summary>
    Failed = 4,

    /// <summary>What the answer was to reflect is not folded yet.</summary>
    Behind = 5,
}

/// <summary>
/// A partition was restored and serves: told to every node, so that watches are renewed at once.
/// </summary>
/// <param name="Partition">The partition.</param>
internal sealed record PartitionStarted(int Partition);

/// <summary>
/// What a node's partitions have counted and stored since it told that last: told to every node.
/// </summary>
/// <param name="Partitions">The changes, each partition's in order.</param>
internal sealed record NodeCounted(IReadOnlyList<PartitionCounted> Partitions);

/// <summary>What a partition has counted and stored.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Change">The change; without data it is to be read from the store.</param>
internal sealed record PartitionCounted(int Partition, CounterChange Change)
{
    /// <summary>That there is a change.</summary>
    public PartitionCounted WithoutData() => this with { Change = Change with { Data = default } };
}

/// <summary>Finds the partition that a message is for: shard, entity and log partition are one.</summary>
internal sealed class PartitionExtractor(int partitions) : IMessageExtractor
{
    /// <summary>The partition of a message; null when it is for none.</summary>
    public int? PartitionOf(object message) =>
        message switch
        {
            Question question => Partitioner.PartitionOf(question.User, partitions),
            Wake wake => wake.Partition,
            _ => null,
        };

    public string? EntityId(object message) => PartitionOf(message)?.ToString(CultureInfo.InvariantCulture);

    public object EntityMessage(object message) => message;

    public string? ShardId(object message) => EntityId(message);

    public string ShardId(string entityId, object? messageHint = null) => entityId;
}
