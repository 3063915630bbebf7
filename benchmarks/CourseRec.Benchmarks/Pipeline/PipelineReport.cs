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
/// <param name="Refresh">The same with 10,000 watched users and 1,000 events a second.</param>
/// <param name="Memory">Bytes a session.</param>
/// <param name="Active">Bytes an active user.</param>
/// <param name="Handoff">A partition that goes to another node.</param>
/// <param name="Coldstart">How soon a node serves.</param>
internal sealed record PipelineReport(
    int Cores,
    bool Trains,
    DiskLimits? Disk = null,
    ThroughputResult? Throughput = null,
    PushResult? Push = null,
    FreshnessResult? Freshness = null,
    FreshnessResult? Refresh = null,
    MemoryResult? Memory = null,
    ActiveMemoryResult? Active = null,
    HandoffResult? Handoff = null,
    ColdstartResult? Coldstart = null
)
{
    /// <summary>As a table.</summary>
    public Table ToTable()
    {
        var table = Tables.New($"bench pipeline, {Cores} cores, load generator beside the node", Columns);
        if (Throughput is { } t)
        {
            Add(table, $"events/s accepted, applied and stored, training {OnOff}", Format(t.EventsPerSecond, "N0"));
            Add(table, "  cores used by the node", Format(t.NodeCores, "0.00"));
            Add(table, "  cores used by the load generator", Format(t.GeneratorCores, "0.00"));
            Add(table, "  accepted / stored at the end", $"{Format(t.Accepted, "N0")} / {Format(t.Stored, "N0")}");
        }
        if (Disk is { } d)
        {
            Add(table, "  limit: SQLite rows/s, durable, 1,000 a transaction", Format(d.InsertsPerSecond, "N0"));
            Add(table, "  limit: durable SQLite transactions/s", Format(d.SyncsPerSecond, "N0"));
        }
        if (Push is { } p)
        {
            Add(
                table,
                $"event to push p50, ms (1,000 events/s, 1,000 watched, training {OnOff})",
                Format(p.P50Ms, "0.0"),
                "≤ 1.5"
            );
            Add(table, "event to push p99, ms", Format(p.P99Ms, "0.0"), "≤ 10");
            Add(table, "event to push max, ms", Format(p.MaxMs, "0.0"));
            Add(table, "  events / pushes / missing", Counts(p));
        }
        if (Freshness is { } f)
            AddFreshness(table, f);
        if (Refresh is { } r)
            AddRefresh(table, r);
        if (Memory is { } m)
            Add(
                table,
                $"bytes a resident session, {m.HistoryLength} courses, of {Format(m.Sessions, "N0")}",
                Format(m.BytesPerSession, "N0"),
                "≤ 700"
            );
        if (Active is { } a)
            AddActive(table, a);
        if (Handoff is { } h)
            AddHandoff(table, h);
        if (Coldstart is { } c)
            AddColdstart(table, c);
        return table;
    }

    private static readonly string[] Columns = ["figure", "value", "must hold"];

    private string OnOff => Trains ? "on" : "off";

    private static void AddFreshness(Table table, FreshnessResult f)
    {
        Add(
            table,
            "acceptance to serving weights p50, s (500 events/s, 1,000 watched)",
            Format(f.P50Ms / 1000, "0.00")
        );
        Add(table, "acceptance to serving weights p99, s", Format(f.P99Ms / 1000, "0.00"));
        Add(table, "  coverage, % of the taught examples", Format(f.Coverage * 100, "0.0"));
        Add(table, "  examples trained / dropped", $"{Format(f.Trained, "N0")} / {Format(f.Dropped, "N0")}");
        Add(table, "  models published / refused", $"{Format(f.Published, "N0")} / {Format(f.Rejected, "N0")}");
        Add(table, "  event to push meanwhile p50, ms", Format(f.Push.P50Ms, "0.0"));
        Add(table, "  event to push meanwhile p99, ms", Format(f.Push.P99Ms, "0.0"));
        Add(table, "  event to push meanwhile max, ms", Format(f.Push.MaxMs, "0.0"));
        Add(table, "  events / pushes / missing", Counts(f.Push));
        Add(table, "  cores used by the node", Format(f.NodeCores, "0.00"));
    }

    private static void AddRefresh(Table table, FreshnessResult r)
    {
        var push = r.Push;
        Add(
            table,
            "event to push p50, ms, while models refresh (1,000 events/s, 10,000 watched)",
            Format(push.P50Ms, "0.0")
        );
        Add(table, "event to push p99, ms, while models refresh", Format(push.P99Ms, "0.0"), "≤ 12");
        Add(table, "event to push max, ms, while models refresh", Format(push.MaxMs, "0.0"));
        Add(
            table,
            "  models published / lists refreshed",
            $"{Format(r.Published, "N0")} / {Format(push.Refreshed, "N0")}"
        );
        Add(table, "  events / pushes / missing", Counts(push));
    }

    private static void AddActive(Table table, ActiveMemoryResult a)
    {
        Add(table, "bytes an active user's actor without its session", Format(a.BytesMore, "N0"), "≤ 1,100");
        Add(table, "  an actor of Akka's that has nothing", Format(a.BytesOfEmpty, "N0"));
    }

    private static void AddHandoff(Table table, HandoffResult h)
    {
        Add(
            table,
            $"hand-over of {Format(h.Resting, "N0")} resting and {Format(h.Active, "N0")} active users, s",
            Format(h.ServedSeconds, "0.00"),
            "≤ 1"
        );
        Add(table, "  records not stored when it began", Format(h.Unstored, "N0"));
        Add(table, "  slowest answer to a question asked meanwhile, s", Format(h.SlowestSeconds, "0.00"));
        Add(table, "  until the leaving node had ended, s", Format(h.LeftSeconds, "0.00"));
    }

    private static void AddColdstart(Table table, ColdstartResult c)
    {
        Add(table, "process start to first event answered, s", Format(c.FirstAcceptedSeconds, "0.00"), "≤ 2.5");
        Add(table, "  to its session read back, s", Format(c.FirstReadSeconds, "0.00"));
        Add(
            table,
            $"process start to {Format(c.Partitions, "N0")} partitions served, s",
            Format(c.AllServedSeconds, "0.0"),
            "≤ 15"
        );
    }

    private static string Counts(PushResult push) =>
        $"{Format(push.Events, "N0")} / {Format(push.Measured, "N0")} / {push.Missing}";

    private static void Add(Table table, string figure, string value, string limit = "") =>
        table.Add([figure, value, limit]);

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
