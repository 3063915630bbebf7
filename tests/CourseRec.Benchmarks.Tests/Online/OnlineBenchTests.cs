using System.Globalization;
using System.Xml.Linq;
using CourseRec.Cli;
using CourseRec.Models.Sequential;
using CourseRec.Simulation;

namespace CourseRec.Benchmarks.Tests.Online;

public sealed class OnlineBenchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_drifting_stream_is_learned_through_the_live_path_and_drawn()
    {
        var chart = In("drift.svg");
        Assert.Equal(
            (0, ""),
            await RunAsync("--events", "12000", "--courses", "60", "--learners", "200", "--out", chart)
        );
        string[] drawn = [.. XDocument.Load(chart).Descendants().Select(element => element.Value)];
        foreach (var contender in (string[])["online", "frozen+instant", "frozen", "blend", "popularity"])
            Assert.Contains(contender, drawn);
    }

    [Fact]
    public async Task A_file_is_learned_from_nothing_and_compared_with_a_batch_model_that_is_kept()
    {
        var (data, model, chart) = (In("data.txt"), In("batch.model"), In("file.svg"));
        await using (var output = File.CreateText(data))
            SequenceSample.Write(output, users: 300, seed: 3);
        string[] args = [data, "--batch", model, "--batch-limit", "3s", "--judged", "0.5", "--out", chart];
        Assert.Equal((0, ""), await RunAsync(args));
        var batch = SequentialModelFile.Read(model);
        Assert.True(int.Parse(batch.Training["interactions"], CultureInfo.InvariantCulture) > 1_000);
        Assert.Equal((0, ""), await RunAsync([.. args, "--events", "1500", "--json"]));
        Assert.Equal(batch.Parameters.Values, SequentialModelFile.Read(model).Parameters.Values);
    }

    [Theory]
    [InlineData("")]
    [InlineData("u a b c\n")]
    [InlineData("u a\nv b\n")]
    [InlineData("1::2::3\n")]
    [InlineData("a,b,c\n1,2,3\n")]
    public async Task A_bad_file_is_one_line_that_names_it(string text)
    {
        var data = In("bad.txt");
        await File.WriteAllTextAsync(data, text);
        var (code, error) = await RunAsync(data, "--out", In("none.svg"));
        Assert.Equal(2, code);
        Assert.StartsWith(data, Assert.Single(error.Split('\n')), StringComparison.Ordinal);
        Assert.False(File.Exists(In("none.svg")));
    }

    [Fact]
    public async Task What_could_not_be_used_or_written_is_refused_at_the_start()
    {
        var missing = In("missing.txt");
        Assert.Equal((2, $"{missing} does not exist."), await RunAsync(missing));
        var (code, error) = await RunAsync("--out", In(Path.Combine("nowhere", "a.svg")));
        Assert.Equal((2, $"{In("nowhere")} does not exist: --out names a file in a folder that does."), (code, error));
        await File.WriteAllTextAsync(In("no.model"), "no model");
        (code, error) = await RunAsync(missing, "--batch", In("no.model"));
        Assert.Equal(2, code);
        Assert.StartsWith($"'{In("no.model")}' is not a model that can be read", error, StringComparison.Ordinal);
    }

    private string In(string name) => _folder.File(name);

    private static Task<(int Code, string Error)> RunAsync(params string[] args) =>
        BenchProgram.RunAsync(["bench", "online", .. args]);
}
