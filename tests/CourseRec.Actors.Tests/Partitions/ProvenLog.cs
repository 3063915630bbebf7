using System.Collections.Concurrent;
using CourseRec.Actors.Ports;
using CourseRec.Streams.Embedded;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>The embedded log, whose partition is this process's as long as the test says so.</summary>
internal sealed class ProvenLog(EmbeddedLog inner) : DelegatingLog
{
    /// <summary>Whether ownership is proven when it is asked for next, and so on; at the end it is.</summary>
    public ConcurrentQueue<bool> Proofs { get; } = new();

    public volatile bool IsProven = true;

    protected override IInteractionLog Inner => inner;

    public override bool IsOwnershipProven(int partition) => Proofs.TryDequeue(out var proof) ? proof : IsProven;

    public override ValueTask DisposeAsync() => inner.DisposeAsync();
}
