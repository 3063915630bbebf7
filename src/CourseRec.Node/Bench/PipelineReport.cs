using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CourseRec.Node.Cli.Output;
using Spectre.Console;

namespace CourseRec.Node.Bench;

/// <summary>What <c>bench pipeline</c> measured; the parts that were left out are null.</summary>
/// <param name="Cores">Processor cores of the machine.</param>
/// <param name="Disk">What disk and SQLite allow.</param>
/// <param name="Throughput">Events per second.</param>
/// <param name="Push">Event-to-push latency.</param>
/// <param name="Memory">Bytes a session.</param>
internal sealed record PipelineReport(
    int Cores,
    DiskLimits? Disk,
    ThroughputResult? Throughput,
    PushResult? Push,
    MemoryResult? Memory
)
{
    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, PipelineReportJson.Default.PipelineReport);

    /// <summary>As a table.</summary>
    public Table ToTable()
    {
        var table = Tables.New($"bench pipeline, {Cores} cores, load generator beside the node", "figure", "value");
        if (Throughput is { } t)
        {
            table.Add("events/s accepted, applied and stored", Format(t.EventsPerSecond, "N0"));
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
            table.Add("event to push p50, ms (1,000 events/s, 1,000 watched)", Format(p.P50Ms, "0.0"));
            table.Add("event to push p99, ms", Format(p.P99Ms, "0.0"));
            table.Add("event to push max, ms", Format(p.MaxMs, "0.0"));
            table.Add(
                "  events / pushes / missing",
                $"{Format(p.Events, "N0")} / {Format(p.Measured, "N0")} / {p.Missing}"
            );
        }
        if (Memory is { } m)
            table.Add(
                $"bytes a resident session, {m.HistoryLength} courses, of {Format(m.Sessions, "N0")}",
                Format(m.BytesPerSession, "N0")
            );
        return table;
    }

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    WriteIndented = true
)]
[JsonSerializable(typeof(PipelineReport))]
internal sealed partial class PipelineReportJson : JsonSerializerContext;
