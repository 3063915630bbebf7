using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Partitions;

/// <summary>A session as the outside sees it.</summary>
/// <param name="User">The user.</param>
/// <param name="Partition">The log partition that holds the user's events.</param>
/// <param name="Offset">The last record folded; −1 before the first.</param>
/// <param name="Version">generation &lt;&lt; 40 | offset of it.</param>
/// <param name="Applied">Events folded in since the user first appeared (or was erased).</param>
/// <param name="History">Positive interactions, oldest first.</param>
public sealed record SessionView(
    string User,
    int Partition,
    long Offset,
    long Version,
    long Applied,
    IReadOnlyList<HistoryEntry> History
);

/// <summary>How far a partition was written.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Version">generation &lt;&lt; 40 | offset of its last record.</param>
public readonly record struct PartitionVersion(int Partition, long Version);

/// <summary>One positive interaction of the history.</summary>
/// <param name="Course">The course's id.</param>
/// <param name="Type">What the learner did.</param>
/// <param name="Time">Event time, to the second.</param>
public sealed record HistoryEntry(string Course, InteractionType Type, DateTimeOffset Time);
