using System.Globalization;
using CourseRec.Benchmarks.Online.Analysis;
using CourseRec.Cli.Output;
using Spectre.Console;

namespace CourseRec.Benchmarks.Online;

/// <summary>The report as tables.</summary>
internal static class OnlineTables
{
    /// <summary>All of it.</summary>
    public static IEnumerable<Table> Of(OnlineReport report) =>
        [
            Contenders(report),
            Findings(report),
            .. report.Batch is { } batch ? [FromNothing(batch)] : Array.Empty<Table>(),
            Learning(report),
        ];

    private static Table Contenders(OnlineReport report)
    {
        var table = Tables.New($"Last quarter of {report.Stream}", "contender", "NDCG@10", "HR@10", "discoveries");
        foreach (var contender in report.LastQuarter)
            table.Add(contender.Name, Metric(contender.Ndcg10), Metric(contender.HitRate10), Count(contender.Events));
        return table;
    }

    private static Table Findings(OnlineReport report)
    {
        var table = Tables.New(
            $"NDCG@10, paired; {PairedBootstrap.Resamples:N0} resamples of users",
            "comparison",
            "first",
            "second",
            "difference",
            "95 % interval",
            "asked for",
            "holds",
            "events / users"
        );
        foreach (var finding in report.Findings)
        {
            var found = finding.Found;
            table.Add(
                finding.Name,
                Metric(found.Mine),
                Metric(found.Theirs),
                Share(found.Relative),
                $"{Share(found.Low)} … {Share(found.High)}",
                $"≥ {Share(finding.Goal)}",
                finding.Holds ? "yes" : "no",
                $"{Count(found.Events)} / {Count(found.Users)}"
            );
        }
        return table;
    }

    private static Table FromNothing(BatchComparison batch)
    {
        var table = Tables.New(
            $"Online from nothing against batch: the held-back last course of {Count(batch.Users)} users, full "
                + "ranking, own courses filtered",
            "model",
            "HR@10",
            "NDCG@10",
            "HR@10 of batch",
            "NDCG@10 of batch"
        );
        Add("batch transformer", batch.Batch);
        Add("online transformer", batch.Transformer);
        Add("online recommender", batch.Recommender);
        return table;

        void Add(string name, LeaveOneOutFigures figures) =>
            table.Add(
                name,
                Metric(figures.HitRate10),
                Metric(figures.Ndcg10),
                Ratio(figures.HitRate10 / batch.Batch.HitRate10),
                Ratio(figures.Ndcg10 / batch.Batch.Ndcg10)
            );
    }

    private static Table Learning(OnlineReport report)
    {
        var learning = report.Learning;
        var table = Tables.New("Learning", "figure", "value");
        table.Add("events / discoveries judged", $"{Count(report.Events)} / {Count(report.Judged)}");
        table.Add("seconds, cores", $"{report.Seconds.ToString("N0", CultureInfo.InvariantCulture)}, {report.Cores}");
        table.Add(
            "taught / trained / dropped",
            $"{Count(learning.Taught)} / {Count(learning.Trained)} / {Count(learning.Dropped)}"
        );
        table.Add("steps", Count(learning.Steps));
        table.Add(
            "models published / rejected / rolled back",
            $"{Count(learning.Published)} / {Count(learning.Rejected)} / {Count(learning.RolledBack)}"
        );
        table.Add(
            "freshness p50 / p99, ms",
            $"{Milliseconds(learning.FreshnessP50Ms)} / {Milliseconds(learning.FreshnessP99Ms)}"
        );
        table.Add("coverage", Ratio(learning.Coverage));
        table.Add("courses", Count(learning.Courses));
        if (learning.LastRefusal is { } refusal)
            table.Add("last refusal", refusal);
        return table;
    }

    private static string Metric(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Ratio(double value) => value.ToString("0.0 %", CultureInfo.InvariantCulture);

    private static string Share(double value) => value.ToString("+0.0 %;−0.0 %;0.0 %", CultureInfo.InvariantCulture);

    private static string Milliseconds(double? value) => value?.ToString("N0", CultureInfo.InvariantCulture) ?? "–";
}
