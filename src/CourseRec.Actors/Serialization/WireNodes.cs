using Akka.Actor;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using MemoryPack;

namespace CourseRec.Actors.Serialization;

/// <summary><see cref="ProofPing"/>, version 1.</summary>
[MemoryPackable]
internal readonly partial record struct WireProofPing(long Round) : IWire<ProofPing, WireProofPing>
{
    public static WireProofPing Of(ProofPing message) => new(message.Round);

    public ProofPing ToMessage(IActorRefProvider actors) => new(Round);
}

/// <summary><see cref="ProofPong"/>, version 1.</summary>
[MemoryPackable]
internal readonly partial record struct WireProofPong(long Round, long Node) : IWire<ProofPong, WireProofPong>
{
    public static WireProofPong Of(ProofPong message) => new(message.Round, message.Node);

    public ProofPong ToMessage(IActorRefProvider actors) => new(Round, Node);
}

/// <summary><see cref="NodeCounted"/>, version 1.</summary>
[MemoryPackable]
internal readonly partial record struct WireNodeCounted(WirePartitionCounted[] Partitions)
    : IWire<NodeCounted, WireNodeCounted>
{
    public static WireNodeCounted Of(NodeCounted message) =>
        new([.. message.Partitions.Select(WirePartitionCounted.Of)]);

    public NodeCounted ToMessage(IActorRefProvider actors) => new([.. Partitions.Select(one => one.ToCounted())]);
}

/// <summary><see cref="PartitionCounted"/>, version 1.</summary>
[MemoryPackable]
internal readonly partial record struct WirePartitionCounted(
    int Partition,
    long Since,
    long Version,
    bool IsSnapshot,
    byte[] Data
)
{
    public static WirePartitionCounted Of(PartitionCounted counted)
    {
        var change = counted.Change;
        return new(
            counted.Partition,
            change.Since.Value,
            change.Version.Value,
            change.IsSnapshot,
            change.Data.ToArray()
        );
    }

    public PartitionCounted ToCounted() =>
        new(Partition, new(new LogVersion(Since), new LogVersion(Version), IsSnapshot, Data));
}

/// <summary><see cref="DescribeNode"/>, version 1.</summary>
[MemoryPackable]
internal readonly partial record struct WireDescribeNode : IWire<DescribeNode, WireDescribeNode>
{
    public static WireDescribeNode Of(DescribeNode message) => default;

    public DescribeNode ToMessage(IActorRefProvider actors) => DescribeNode.It;
}

/// <summary><see cref="NodeDescription"/>, version 1.</summary>
/// <param name="Id">The node's name.</param>
/// <param name="Url">Where it is reached.</param>
/// <param name="Roles">The roles' numbers.</param>
/// <param name="Partitions">The partitions that it serves.</param>
/// <param name="Lags">How far behind each of them is.</param>
/// <param name="Program">The program's version.</param>
/// <param name="Model">The model's version.</param>
[MemoryPackable]
internal readonly partial record struct WireNodeDescription(
    string Id,
    string? Url,
    byte[] Roles,
    int[] Partitions,
    long[] Lags,
    string Program,
    string Model
) : IWire<NodeDescription, WireNodeDescription>
{
    public static WireNodeDescription Of(NodeDescription message) =>
        new(
            message.Id,
            message.Url,
            [.. message.Roles.Select(role => (byte)role)],
            [.. message.Partitions.Select(served => served.Partition)],
            [.. message.Partitions.Select(served => served.Lag)],
            message.Program,
            message.Model
        );

    public NodeDescription ToMessage(IActorRefProvider actors) =>
        new(
            Id,
            Url,
            [.. Roles.Select(role => (NodeRole)role)],
            [.. Partitions.Zip(Lags, (partition, lag) => new ServedPartition(partition, lag))],
            Program,
            Model
        );
}
