using System.Text.Json;
using CourseRec.Cli;
using CourseRec.Cli.Evaluation;
using CourseRec.Training.Data;
using CourseRec.Training.Evaluation;
using Spectre.Console;

namespace CourseRec.Cli.Tests.Evaluation;

public sealed class EvaluateTests
{
    [Theory]
    [InlineData("", "is empty: expected")]
    [InlineData("u a b c\n", "has one user; two are the least.")]
    [InlineData("u a a a\nv a a a\n", "has one course; two are the least.")]
    [InlineData("u a\nv b\n", "has no user with three interactions")]
    [InlineData("u a b c\nv\n", "line 2: user 'v' has no courses")]
    [InlineData("a,b,c\n1,2,3\n", "line 1: 'a,b,c' is of no known format")]
    public async Task Data_that_can_not_be_judged_is_refused_in_one_line(string text, string expected)
    {
        using var file = new TemporaryFile(text);
        var (code, error) = await Courserec.RunAsync("evaluate", file.Path);
        Assert.Equal(2, code);
        var line = Assert.Single(error.Split('\n'));
        Assert.StartsWith(file.Path, line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tables_show_the_evaluators_numbers_and_keep_sampled_ones_apart()
    {
        var report = await ReportAsync(new() { SampledNegatives = 2 });
        var text = Show(report);
        Assert.Contains("Full ranking of 5 courses, the last course of 3 users", text, StringComparison.Ordinal);
        Assert.Contains("courses of the history filtered", text, StringComparison.Ordinal);
        Assert.Contains("nothing filtered", text, StringComparison.Ordinal);
        Assert.Contains("SAMPLED: only 2 negatives drawn by popularity, seed 1", text, StringComparison.Ordinal);
        Assert.Contains("NDCG │ 0.3333 │ 0.7540", text, StringComparison.Ordinal);
        Assert.DoesNotContain("SAMPLED", Show(await ReportAsync(new())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_json_has_every_number()
    {
        using var json = JsonDocument.Parse((await ReportAsync(new() { SampledNegatives = 2 })).ToJson());
        var root = json.RootElement;
        Assert.Equal((3, 5, "Sequences"), (Int("judgedUsers"), Int("courses"), root.GetProperty("format").GetString()));
        var contender = Assert.Single(root.GetProperty("contenders").EnumerateArray());
        foreach (var ranking in new[] { "filtered", "unfiltered", "sampled" })
        foreach (var metric in new[] { "hitRate", "ndcg", "reciprocalRank" })
            Assert.Equal(
                ["1", "5", "10", "20"],
                contender.GetProperty(ranking).GetProperty(metric).EnumerateObject().Select(value => value.Name)
            );

        int Int(string name) => root.GetProperty(name).GetInt32();
    }

    private static async Task<EvaluationReport> ReportAsync(EvaluationOptions options)
    {
        var data = InteractionDataset.Of(
            ["u", "v", "w", "x"],
            ["a", "b", "c", "d", "e"],
            [
                [0, 1, 2],
                [0, 1, 3],
                [0, 2, 1],
                [0, 1],
            ]
        );
        var split = new LeaveOneOut(data);
        var (popularity, _) = TrainedBaselines.Build(split, 5);
        var run = new EvaluationRun(
            split,
            options,
            AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(TextWriter.Null) })
        );
        return await run.ReportAsync("some.txt", [("popularity", popularity)], CancellationToken.None);
    }

    private static string Show(EvaluationReport report)
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        console.Profile.Width = 160;
        EvaluationTables.Print(console, report);
        return text.ToString().ReplaceLineEndings(" ");
    }
}
