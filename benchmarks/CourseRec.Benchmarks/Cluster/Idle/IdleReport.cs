using System.Globalization;
using CourseRec.Cli.Output;
using Spectre.Console;

namespace CourseRec.Benchmarks.Cluster.Idle;

/// <summary>Nodes when nothing happens.</summary>
/// <param name="Partitions">Partitions of the topic.</param>
/// <param name="Cores">The share of a core that each node used.</param>
internal sealed record IdleReport(int Partitions, IReadOnlyList<double> Cores)
{
    /// <summary>As a table.</summary>
    public Table ToTable()
    {
        var table = Tables.New(
            $"bench cluster, idle: {Cores.Count} nodes, {Partitions} partitions, nothing happens",
            "figure",
            "value",
            "must hold"
        );
        table.Add("busiest node, % of a core", Percent(Cores.Max()), "≤ 2");
        table.Add("mean of the nodes, % of a core", Percent(Cores.Average()), "");
        return table;
    }

    private static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture);
}
