using System.Globalization;
using CourseRec.Benchmarks.Pipeline;
using CourseRec.Cli.Output;
using Spectre.Console;

namespace CourseRec.Benchmarks.Cluster.Apart;

/// <summary>Event to push, by where the socket is.</summary>
/// <param name="Together">On the node of the user's partition.</param>
/// <param name="Apart">On another.</param>
internal sealed record ApartReport(PushResult Together, PushResult Apart)
{
    /// <summary>As a table.</summary>
    public Table ToTable()
    {
        var table = Tables.New(
            "bench cluster, apart: event to push, ms, 300 events/s, 1,000 watched users, 3 nodes",
            "socket",
            "on the user's node",
            "on another",
            "extra",
            "must hold"
        );
        Add(table, "p50", push => push.P50Ms, "≤ 1");
        Add(table, "p99", push => push.P99Ms, "≤ 5");
        Add(table, "max", push => push.MaxMs, "");
        Add(table, "users whose last event was not seen", push => push.Missing, "0");
        return table;
    }

    private void Add(Table table, string figure, Func<PushResult, double> value, string limit) =>
        table.Add(figure, Format(value(Together)), Format(value(Apart)), Format(value(Apart) - value(Together)), limit);

    private static string Format(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
