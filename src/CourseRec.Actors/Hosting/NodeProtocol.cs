using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Hosting;

/// <summary>Asks a node what it is and does; answered with a <see cref="NodeDescription"/>.</summary>
public sealed record DescribeNode
{
    /// <summary>The question.</summary>
    public static DescribeNode It { get; } = new();
}

/// <summary>What a node is, and what it does at the moment.</summary>
/// <param name="Id">The node's name in the cluster.</param>
/// <param name="Url">Where clients and other nodes reach it over HTTP; null when they don't.</param>
/// <param name="Roles">What it does.</param>
/// <param name="Partitions">The partitions that run on it.</param>
/// <param name="Program">The program's version.</param>
/// <param name="Model">The model snapshot that it ranks with; empty when it has none.</param>
public sealed record NodeDescription(
    string Id,
    string? Url,
    IReadOnlyList<NodeRole> Roles,
    IReadOnlyList<ServedPartition> Partitions,
    string Program,
    string Model
);

/// <summary>A partition that runs on a node.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Lag">Log records that it has not folded yet.</param>
public readonly record struct ServedPartition(int Partition, long Lag);
