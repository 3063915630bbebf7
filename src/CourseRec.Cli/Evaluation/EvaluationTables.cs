using System.Globalization;
using CourseRec.Cli.Output;
using CourseRec.Training.Evaluation;
using Spectre.Console;

namespace CourseRec.Cli.Evaluation;

/// <summary>An evaluation as tables: full ranking first, the sampled one apart.</summary>
internal static class EvaluationTables
{
    /// <summary>Prints all tables.</summary>
    public static void Print(IAnsiConsole console, EvaluationReport report)
    {
        var size = string.Create(
            CultureInfo.InvariantCulture,
            $"{report.RankedCourses:N0} courses, the last course of {report.JudgedUsers:N0} users"
        );
        console.Write(Make($"Full ranking of {size}; courses of the history filtered", report, c => c.Filtered));
        console.Write(Make($"Full ranking of {size}; nothing filtered", report, c => c.Unfiltered));
        if (report.SampledNegatives > 0)
            console.Write(Make(SampledTitle(report), report, c => c.Sampled!));
    }

    private static string SampledTitle(EvaluationReport report)
    {
        var how = report.Sampling == NegativeSampling.Uniform ? "uniformly" : "by popularity";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"SAMPLED: only {report.SampledNegatives:N0} negatives drawn {how}, seed {report.Seed}; not comparable "
                + $"with full ranking"
        );
    }

    private static Table Make(string title, EvaluationReport report, Func<ContenderReport, MetricsReport> read)
    {
        var table = Tables.New(title, ["model", "metric", .. MetricsReport.Cuts.Select(k => $"@{k}")]);
        foreach (var contender in report.Contenders)
        {
            var metrics = read(contender);
            Add(table, contender.Name, "HR", metrics.HitRate);
            Add(table, "", "NDCG", metrics.Ndcg);
            Add(table, "", "MRR", metrics.ReciprocalRank);
        }
        return table;
    }

    private static void Add(Table table, string name, string metric, IReadOnlyDictionary<int, double> values) =>
        table.Add([
            name,
            metric,
            .. MetricsReport.Cuts.Select(k => values[k].ToString("0.0000", CultureInfo.InvariantCulture)),
        ]);
}
