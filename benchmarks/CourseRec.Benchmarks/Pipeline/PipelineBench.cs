using CourseRec.Benchmarks.Harness;

namespace CourseRec.Benchmarks.Pipeline;

/// <summary>The parts of <c>bench pipeline</c>.</summary>
[Flags]
internal enum PipelineParts
{
    /// <summary>Events per second.</summary>
    Throughput = 1,

    /// <summary>Event-to-push latency.</summary>
    Push = 2,

    /// <summary>Bytes a session.</summary>
    Memory = 4,

    /// <summary>How soon the weights that serve have learned from an event.</summary>
    Freshness = 8,

    /// <summary>Everything.</summary>
    All = Throughput | Push | Memory | Freshness,
}

/// <summary>Runs the parts one after another, each on a fresh node.</summary>
internal static class PipelineBench
{
    private const int Sessions = 1_000_000;

    /// <summary>Measures.</summary>
    /// <param name="parts">Which parts.</param>
    /// <param name="duration">How long the timed parts measure.</param>
    /// <param name="trains">Whether the node of throughput and push learns meanwhile; that of freshness always
    /// does.</param>
    /// <param name="say">Told what begins.</param>
    /// <param name="cancel">Stops early.</param>
    public static async Task<PipelineReport> RunAsync(
        PipelineParts parts,
        TimeSpan duration,
        bool trains,
        Action<string> say,
        CancellationToken cancel
    )
    {
        var report = new PipelineReport(Environment.ProcessorCount, trains, null, null, null, null, null);
        if (parts.HasFlag(PipelineParts.Throughput))
        {
            say("the disk's limits");
            report = report with { Disk = DiskLimits.Measure() };
            say("events per second");
            report = report with { Throughput = await OnNodeAsync(trains, ThroughputBench.RunAsync, duration, cancel) };
        }
        if (parts.HasFlag(PipelineParts.Push))
        {
            say("event-to-push latency");
            report = report with { Push = await OnNodeAsync(trains, PushBench.RunAsync, duration, cancel) };
        }
        if (parts.HasFlag(PipelineParts.Freshness))
        {
            say("freshness");
            report = report with { Freshness = await OnNodeAsync(true, FreshnessBench.RunAsync, duration, cancel) };
        }
        if (parts.HasFlag(PipelineParts.Memory))
        {
            say("bytes a session");
            report = report with { Memory = MemoryBench.Run(Sessions, cancel) };
        }
        return report;
    }

    private static async Task<T> OnNodeAsync<T>(
        bool trains,
        Func<BenchNode, TimeSpan, CancellationToken, Task<T>> measure,
        TimeSpan duration,
        CancellationToken cancel
    )
    {
        await using var node = await BenchNode.StartAsync(trains, cancel);
        return await measure(node, duration, cancel);
    }
}
