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

    /// <summary>Event-to-push latency while a new model refreshes 10,000 watched lists.</summary>
    Refresh = 16,

    /// <summary>A partition that goes to another node.</summary>
    Handoff = 32,

    /// <summary>How soon a node serves.</summary>
    Coldstart = 64,

    /// <summary>Everything.</summary>
    All = Throughput | Push | Memory | Freshness | Refresh | Handoff | Coldstart,
}

/// <summary>Runs the parts one after another, each on a fresh node.</summary>
internal static class PipelineBench
{
    private const int Sessions = 1_000_000;
    private const int ActiveUsers = 20_000;
    private const int Watched = 1_000;
    private const int WatchedByRefresh = 10_000;
    private const int Learning = 500;
    private const int EventsPerSecond = 1_000;

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
        var report = new PipelineReport(Environment.ProcessorCount, trains);
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
            report = report with { Freshness = await LearnAsync(Watched, Learning) };
        }
        if (parts.HasFlag(PipelineParts.Refresh))
        {
            say("pushes while new models refresh 10,000 lists");
            report = report with { Refresh = await LearnAsync(WatchedByRefresh, EventsPerSecond) };
        }
        if (parts.HasFlag(PipelineParts.Memory))
        {
            say("bytes a session");
            report = report with { Memory = MemoryBench.Run(Sessions, cancel) };
            say("bytes an active user");
            report = report with { Active = await ActiveMemoryBench.RunAsync(ActiveUsers, cancel) };
        }
        if (parts.HasFlag(PipelineParts.Handoff))
        {
            say("a partition that goes to another node");
            report = report with { Handoff = await HandoffBench.RunAsync(cancel) };
        }
        if (parts.HasFlag(PipelineParts.Coldstart))
        {
            say("how soon a node serves");
            report = report with { Coldstart = await ColdstartBench.RunAsync(cancel) };
        }
        return report;

        Task<FreshnessResult> LearnAsync(int users, int eventsPerSecond) =>
            OnNodeAsync(
                true,
                (node, time, token) => FreshnessBench.RunAsync(node, users, eventsPerSecond, time, token),
                duration,
                cancel
            );
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
