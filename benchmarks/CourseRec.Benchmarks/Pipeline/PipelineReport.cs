using System.Globalization;
using CourseRec.Cli.Output;
using Spectre.Console;

namespace CourseRec.Benchmarks.Pipeline;

/// <summary>What <c>bench pipeline</c> measured; the parts that were left out are null.</summary>
/// <param name="Cores">Processor cores of the machine.</param>
/// <param name="Trains">Whether the node of throughput and push learned meanwhile.</param>
/// <param name="Disk">What disk and SQLite allow.</param>
/// <param name="Throughput">Events per second.</param>
/// <param name="Push">Event-to-push latency.</param>
/// <param name="Freshness">How soon the weights that serve have learned from an event; its node always learns.</param>
/// <param name="Memory">Bytes a session.</param>
internal sealed record PipelineReport(
    int Cores,
    bool Trains,
    DiskLimits? Disk,
    ThroughputResult? Throughput,
    PushResult? Push,
    FreshnessResult? Freshness,
    MemoryResult? Memory
)
{
    /// <summary>As a table.</summary>
    public Table ToTable()
    {
        var table = Tables.New($"bench pipeline, {Cores} cores, load generator beside the node", "figure", "value");
        if (Throughput is { } t)
        {
            table.Add($"events/s accepted, applied and stored, training {OnOff}", Format(t.EventsPerSecond, "N0"));
            table.Add("  cores used by the node", Format(t.NodeCores, "0.00"));
            table.Add("  cores used by the load generator", Format(t.GeneratorCores, "0.00"));
            table.Add("  accepted / stored at the end", $"{Format(t.Accepted, "N0")} / {Format(t.Stored, "N0")}");
        }
        if (Disk is { } d)
        {
            table.Add("  limit: SQLite rows/s, durable, 1,000 a transaction", Format(d.InsertsPerSecond, "N0"));
            table.Add("  limit: durable SQLite transactions/s", Format(d.SyncsPerSecond, "N0"));
        }
        if (Push is { } p)
        {
            table.Add(
                $"event to push p50, ms (1,000 events/s, 1,000 watched, training {OnOff})",
                Format(p.P50Ms, "0.0")
            );
            table.Add("event to push p99, ms", Format(p.P99Ms, "0.0"));
            table.Add("event to push max, ms", Format(p.MaxMs, "0.0"));
            table.Add(
                "  events / pushes / missing",
                $"{Format(p.Events, "N0")} / {Format(p.Measured, "N0")} / {p.Missing}"
            );
        }
        if (Freshness is { } f)
            AddFreshness(table, f);
        if (Memory is { } m)
            table.Add(
                $"bytes a resident session, {m.HistoryLength} courses, of {Format(m.Sessions, "N0")}",
                Format(m.BytesPerSession, "N0")
            );
        return table;
    }

    private string OnOff => Trains ? "on" : "off";

    private static void AddFreshness(Table table, FreshnessResult f)
    {
        table.Add("acceptance to serving weights p50, s (500 events/s, 1,000 watched)", Format(f.P50Ms / 1000, "0.00"));
        table.Add("acceptance to serving weights p99, s", Format(f.P99Ms / 1000, "0.00"));
        table.Add("  coverage, % of the taught examples", Format(f.Coverage * 100, "0.0"));
        table.Add("  examples trained / dropped", $"{Format(f.Trained, "N0")} / {Format(f.Dropped, "N0")}");
        table.Add("  models published / refused", $"{Format(f.Published, "N0")} / {Format(f.Rejected, "N0")}");
        table.Add("  event to push meanwhile p50, ms", Format(f.Push.P50Ms, "0.0"));
        table.Add("  event to push meanwhile p99, ms", Format(f.Push.P99Ms, "0.0"));
        table.Add("  event to push meanwhile max, ms", Format(f.Push.MaxMs, "0.0"));
        table.Add(
            "  events / pushes / missing",
            $"{Format(f.Push.Events, "N0")} / {Format(f.Push.Measured, "N0")} / {f.Push.Missing}"
        );
        table.Add("  cores used by the node", Format(f.NodeCores, "0.00"));
    }

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
