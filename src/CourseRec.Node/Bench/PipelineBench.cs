namespace CourseRec.Node.Bench;

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

    /// <summary>Everything.</summary>
    All = Throughput | Push | Memory,
}

/// <summary>Runs the parts one after another, each on a fresh node.</summary>
internal static class PipelineBench
{
    private const int Sessions = 1_000_000;

    /// <summary>Measures.</summary>
    /// <param name="parts">Which parts.</param>
    /// <param name="duration">How long the timed parts measure.</param>
    /// <param name="say">Told what begins.</param>
    /// <param name="cancel">Stops early.</param>
    public static async Task<PipelineReport> RunAsync(
        PipelineParts parts,
        TimeSpan duration,
        Action<string> say,
        CancellationToken cancel
    )
    {
        var report = new PipelineReport(Environment.ProcessorCount, null, null, null, null);
        if (parts.HasFlag(PipelineParts.Throughput))
        {
            say("the disk's limits");
            report = report with { Disk = DiskLimits.Measure() };
            say("events per second");
            report = report with { Throughput = await OnNodeAsync(ThroughputBench.RunAsync, duration, cancel) };
        }
        if (parts.HasFlag(PipelineParts.Push))
        {
            say("event-to-push latency");
            report = report with { Push = await OnNodeAsync(PushBench.RunAsync, duration, cancel) };
        }
        if (parts.HasFlag(PipelineParts.Memory))
        {
            say("bytes a session");
            report = report with { Memory = MemoryBench.Run(Sessions, cancel) };
        }
        return report;
    }

    private static async Task<T> OnNodeAsync<T>(
        Func<BenchNode, TimeSpan, CancellationToken, Task<T>> measure,
        TimeSpan duration,
        CancellationToken cancel
    )
    {
        await using var node = await BenchNode.StartAsync(cancel);
        return await measure(node, duration, cancel);
    }
}
