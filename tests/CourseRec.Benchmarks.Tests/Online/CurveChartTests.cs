using System.Xml.Linq;
using CourseRec.Benchmarks.Online;
using CourseRec.Benchmarks.Online.Analysis;
using CourseRec.Training.Online;

namespace CourseRec.Benchmarks.Tests.Online;

public sealed class CurveChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void The_chart_is_well_formed_names_axes_and_contenders_and_marks_the_freeze()
    {
        var chart = XDocument.Parse(new CurveChart(Report("a < b & c")).ToSvg());
        Assert.Equal(Svg + "svg", chart.Root!.Name);
        string[] texts = [.. chart.Descendants(Svg + "text").Select(text => text.Value)];
        foreach (
            var text in (string[])["discoveries judged", "NDCG@10", "a < b & c", "frozen here", "online", "frozen"]
        )
            Assert.Contains(text, texts);
        Assert.Contains("last quarter 0.2500", texts);
        Assert.Equal(
            ["0", "200", "400", "600", "800", "1,000"],
            texts.Where(text => text.All(c => char.IsDigit(c) || c == ',')).Distinct()
        );
        Assert.Equal(
            ["64,424 422,64", "422,208 780,424"],
            chart.Descendants(Svg + "polyline").Select(line => line.Attribute("points")!.Value)
        );
    }

    [Fact]
    public void A_run_without_judged_events_still_makes_a_chart()
    {
        var empty = Report("nothing") with { Judged = 0, Curve = [], LastQuarter = [] };
        Assert.Empty(XDocument.Parse(new CurveChart(empty).ToSvg()).Descendants(Svg + "polyline"));
    }

    private static OnlineReport Report(string stream) =>
        new(
            stream,
            Events: 5_000,
            Judged: 1_000,
            FrozenAt: 500,
            LastFrom: 750,
            Seed: 1,
            Cores: 2,
            Seconds: 1,
            new OnlineTrainerStatus(default, null, null, 0, 0, 0, 0, 0, null, null, 1, 0, 0, 0, null, 0),
            [new("online", 250, 0.25, 0.5), new("frozen", 250, 0.15, 0.3)],
            [],
            Batch: null,
            [
                new(0, new Dictionary<string, double> { ["online"] = 0 }),
                new(500, new Dictionary<string, double> { ["online"] = 0.25, ["frozen"] = 0.15 }),
                new(1_000, new Dictionary<string, double> { ["frozen"] = 0 }),
            ]
        );
}
