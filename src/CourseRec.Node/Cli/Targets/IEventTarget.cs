using CourseRec.Actors.Shards;

namespace CourseRec.Node.Cli.Targets;

/// <summary>Where <c>replay</c> and <c>simulate</c> send events: a running node, or the pipeline in this process.</summary>
internal interface IEventTarget : IAsyncDisposable
{
    /// <summary>Names it to the user.</summary>
    string Name { get; }

    /// <summary>Sends a JSON array of events; completes when they are durable. Waits and sends again while the target is busy.</summary>
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
internal readonly record struct SendResult(int Accepted, int Rejected, string? FirstReason);

/// <summary>How far the pipeline is.</summary>
/// <param name="Lag">Records accepted but not applied yet.</param>
/// <param name="Unstored">Records accepted but not stored yet.</param>
/// <param name="Stored">Records stored, ever.</param>
/// <param name="Quality">Prequential quality of every contender, the serving one first.</param>
internal sealed record PipelineState(long Lag, long Unstored, long Stored, IReadOnlyList<ContenderQuality> Quality);
