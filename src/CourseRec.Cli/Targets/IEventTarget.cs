using CourseRec.Actors.Partitions;

namespace CourseRec.Cli.Targets;

/// <summary>
/// Where <c>replay</c> and <c>simulate</c> send events: a running node, or the pipeline in this process.
/// </summary>
public interface IEventTarget : IAsyncDisposable
{
    /// <summary>Names it to the user.</summary>
    string Name { get; }

    /// <summary>
    /// Sends a JSON array of events; completes when they are durable. Waits and sends again while the target is busy.
    /// </summary>
    ValueTask<SendResult> SendAsync(ReadOnlyMemory<byte> events, CancellationToken cancel);

    /// <summary>Writes a JSON array of courses into the catalogue.</summary>
    Task PutCoursesAsync(ReadOnlyMemory<byte> courses, CancellationToken cancel);

    /// <summary>How far the pipeline is, and how well it ranks.</summary>
    ValueTask<PipelineState> ReadStateAsync(CancellationToken cancel);
}

/// <summary>What became of one request.</summary>
/// <param name="Accepted">Events that are durable.</param>
/// <param name="Rejected">Events that were refused.</param>
/// <param name="FirstReason">Why the first of them was.</param>
public readonly record struct SendResult(int Accepted, int Rejected, string? FirstReason);

/// <summary>How far the pipeline is.</summary>
/// <param name="Partitions">Every partition's offsets, in the order of partitions.</param>
/// <param name="Quality">Prequential quality of every contender, the serving one first.</param>
public sealed record PipelineState(IReadOnlyList<PartitionState> Partitions, IReadOnlyList<ContenderQuality> Quality)
{
    /// <summary>Records accepted but not applied yet.</summary>
    public long Lag => Partitions.Sum(p => p.End - p.Applied);

    /// <summary>Records stored, ever.</summary>
    public long Stored => Partitions.Sum(p => p.Stored);

    /// <summary>Whether everything is stored that had been accepted by then.</summary>
    public bool HasStoredAllOf(PipelineState then) =>
        Partitions.Count >= then.Partitions.Count
        && then.Partitions.Zip(Partitions).All(pair => pair.Second.Stored >= pair.First.End);
}

/// <summary>A partition's offsets.</summary>
/// <param name="End">One past the log's last record.</param>
/// <param name="Applied">One past the last one applied.</param>
/// <param name="Stored">One past the last one stored.</param>
public readonly record struct PartitionState(long End, long Applied, long Stored);
