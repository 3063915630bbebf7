using System.Collections.Concurrent;
using CourseRec.Actors.Partitions;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>The partition is this process's as long as the test says so.</summary>
internal sealed class TestProof : IServingProof
{
    private volatile bool _isProven = true;

    /// <summary>What is answered next, and so on; at the end what was set.</summary>
    public ConcurrentQueue<bool> Next { get; } = new();

    public bool IsProven
    {
        get => Next.TryDequeue(out var proof) ? proof : _isProven;
        set => _isProven = value;
    }
}
