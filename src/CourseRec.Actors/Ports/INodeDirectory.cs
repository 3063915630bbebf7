namespace CourseRec.Actors.Ports;

/// <summary>
/// Who serves what, as the nodes say of themselves. A hint, never an authority: the log decides who owns a partition,
/// an entry may be late or its node dead, and nothing but the way of a request may depend on it.
/// </summary>
public interface INodeDirectory
{
    /// <summary>
    /// Says what a node is now, in place of what it said before. Said again and again: what is not said again is
    /// forgotten in time.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It can't be said now.</exception>
    ValueTask PublishAsync(NodeEntry node, CancellationToken cancel);

    /// <summary>Takes a node's entry away.</summary>
    /// <exception cref="StoreUnavailableException">It can't be taken away now.</exception>
    ValueTask WithdrawAsync(string node, CancellationToken cancel);

    /// <summary>The nodes that published lately, the latest first.</summary>
    /// <exception cref="StoreUnavailableException">It can't be read now.</exception>
    ValueTask<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancel);
}

/// <summary>A node as it describes itself.</summary>
/// <param name="Id">Its id, unique to this life of the process.</param>
/// <param name="Url">Where clients and other nodes reach it; null when they can't.</param>
/// <param name="Roles">What it does.</param>
/// <param name="Partitions">The partitions that it serves.</param>
/// <param name="Program">The program's version.</param>
/// <param name="Model">The model that serves there.</param>
public sealed record NodeEntry(
    string Id,
    string? Url,
    IReadOnlyList<NodeRole> Roles,
    IReadOnlyList<PartitionClaim> Partitions,
    string Program,
    string Model
)
{
    /// <summary>Whether the node says that it serves a partition.</summary>
    public bool Claims(int partition) => Partitions.Any(claim => claim.Partition == partition);
}

/// <summary>A partition that a node says it serves.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Lag">Records that it had not folded yet.</param>
public readonly record struct PartitionClaim(int Partition, long Lag);

/// <summary>What a node does; each is scaled apart.</summary>
public enum NodeRole
{
    /// <summary>Consumes partitions, holds their users' sessions, makes their recommendations.</summary>
    Session,

    /// <summary>Takes browsers' push connections.</summary>
    Gateway,

    /// <summary>Trains the model.</summary>
    Trainer,
}
