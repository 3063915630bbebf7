using System.Globalization;
using CourseRec.Cli.Output;
using Spectre.Console;

namespace CourseRec.Benchmarks.Cassandra;

/// <summary>The medians of several measurements.</summary>
/// <param name="PerSecond">Requests answered a second.</param>
/// <param name="P50Ms">Median latency.</param>
/// <param name="P99Ms">Its 99th percentile.</param>
/// <param name="ClientCores">Cores used by the driver's process, load generator included.</param>
/// <param name="ServerCores">Cores used by the server; NaN when unknown.</param>
/// <param name="ClientMicroseconds">Processor time a request of the driver's process.</param>
internal sealed record CassandraFigures(
    double PerSecond,
    double P50Ms,
    double P99Ms,
    double ClientCores,
    double ServerCores,
    double ClientMicroseconds
)
{
    /// <summary>Of these; null of none.</summary>
    public static CassandraFigures? Of(IReadOnlyList<CassandraRun> runs)
    {
        double Median(Func<CassandraRun, double> figure) => Percentiles.Median(runs.Select(figure));
        return runs.Count == 0
            ? null
            : new(
                Median(run => run.PerSecond),
                Median(run => run.P50Ms),
                Median(run => run.P99Ms),
                Median(run => run.ClientCores),
                Median(run => run.ServerCores),
                Median(run => 1e6 * run.ClientCpuSeconds / run.Operations)
            );
    }
}

/// <summary>What <c>bench cassandra</c> measured.</summary>
/// <param name="Cores">Processor cores of the machine.</param>
/// <param name="Release">The server's release.</param>
/// <param name="Callers">Requests under way at a time.</param>
/// <param name="Connections">Connections of each driver.</param>
/// <param name="NpmVersion">The other driver's version; null when it was left out.</param>
/// <param name="NpmProblem">Why it was left out.</param>
/// <param name="Writes">Session writes through CourseRec's driver.</param>
/// <param name="NpmWrites">And through the other.</param>
/// <param name="Reads">Session reads through CourseRec's driver.</param>
/// <param name="NpmReads">And through the other.</param>
internal sealed record CassandraReport(
    int Cores,
    string Release,
    int Callers,
    int Connections,
    string? NpmVersion,
    string? NpmProblem,
    CassandraFigures Writes,
    CassandraFigures? NpmWrites,
    CassandraFigures Reads,
    CassandraFigures? NpmReads
)
{
    /// <summary>As a table.</summary>
    public Table ToTable()
    {
        var table = Tables.New(
            $"bench cassandra: Cassandra {Release} and both drivers on {Cores} cores, {Callers} callers, "
                + $"{Connections} connections",
            "medians",
            "CourseRec",
            NpmVersion is null ? "npm" : $"npm cassandra-driver {NpmVersion}",
            "ratio"
        );
        Add(table, "write", Writes, NpmWrites);
        Add(table, "read", Reads, NpmReads);
        return table;
    }

    private static void Add(Table table, string what, CassandraFigures own, CassandraFigures? npm)
    {
        void Row(string name, Func<CassandraFigures, double> figure, string format) =>
            table.Add(
                name,
                figure(own).ToString(format, CultureInfo.InvariantCulture),
                npm is null ? "–" : figure(npm).ToString(format, CultureInfo.InvariantCulture),
                npm is null ? "–" : (figure(own) / figure(npm)).ToString("0.00", CultureInfo.InvariantCulture)
            );
        Row($"session {what}s/s", f => f.PerSecond, "N0");
        Row("  latency p50, ms", f => f.P50Ms, "0.0");
        Row("  latency p99, ms", f => f.P99Ms, "0.0");
        Row("  cores used by the client", f => f.ClientCores, "0.00");
        Row("  cores used by the server", f => f.ServerCores, "0.00");
        Row($"  client processor time a {what}, µs", f => f.ClientMicroseconds, "0.0");
    }
}
