using CourseRec.Models.Sequential;
using CourseRec.Node.Cli;
using CourseRec.Simulation;

namespace CourseRec.Node.Tests.Cli;

public sealed class TrainTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("courserec-train-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("next-item")]
    [InlineData("cloze")]
    public async Task A_model_is_trained_and_can_be_evaluated_but_is_never_overwritten_unasked(string objective)
    {
        var (data, model) = (Sample(), Path.Combine(_folder, "model"));
        string[] train =
        [
            "train",
            data,
            "--out",
            model,
            "--objective",
            objective,
            "--dimension",
            "32",
            "--epochs",
            "3",
        ];
        Assert.Equal((0, ""), await RunAsync(train));
        var saved = SequentialModelFile.Read(model);
        Assert.Equal("3", saved.Training["epochs"]);
        Assert.InRange(saved.Metrics["validation ndcg@10"], 0, 1);
        Assert.Equal((0, ""), await RunAsync("evaluate", data, "--model", model, "--sampled", "20"));

        var (code, error) = await RunAsync(train);
        Assert.Equal(2, code);
        Assert.StartsWith($"{model} exists", error, StringComparison.Ordinal);
        Assert.Equal((0, ""), await RunAsync([.. train, "--overwrite"]));
        Assert.Equal(saved.Version, SequentialModelFile.Read(model).Version);
    }

    [Theory]
    [InlineData("")]
    [InlineData("u a b c\n")]
    [InlineData("u a a a\nv a a a\n")]
    [InlineData("u a\nv b\n")]
    [InlineData("1::2::3\n")]
    [InlineData("a,b,c\n1,2,3\n")]
    public async Task Bad_data_is_one_line_and_nothing_is_overwritten(string text)
    {
        var (data, model) = (Write("bad.txt", text), Write("model", "old model"));
        Write("model.checkpoint", "old checkpoint");
        var (code, error) = await RunAsync("train", data, "--out", model, "--overwrite");
        Assert.Equal(2, code);
        Assert.StartsWith(data, Assert.Single(error.Split('\n')), StringComparison.Ordinal);
        Assert.Equal("old model", await File.ReadAllTextAsync(model));
        Assert.Equal("old checkpoint", await File.ReadAllTextAsync(model + ".checkpoint"));
    }

    [Theory]
    [InlineData("no model")]
    [InlineData("CourseRec model\n")]
    public async Task A_file_that_is_no_model_is_refused_by_name(string text)
    {
        var model = Write("model", text);
        var (code, error) = await RunAsync("evaluate", Sample(), "--model", model);
        Assert.Equal(2, code);
        Assert.StartsWith(
            $"'{model}' is not a model that can be read",
            Assert.Single(error.Split('\n')),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_checkpoint_that_is_none_is_refused_by_name_and_left_alone()
    {
        var checkpoint = Write("model.checkpoint", new string('x', 100));
        var (code, error) = await RunAsync("train", Sample(), "--out", Path.Combine(_folder, "model"), "--resume");
        Assert.Equal(2, code);
        Assert.StartsWith(
            $"'{checkpoint}' is not a checkpoint",
            Assert.Single(error.Split('\n')),
            StringComparison.Ordinal
        );
        Assert.Equal(new string('x', 100), await File.ReadAllTextAsync(checkpoint));
    }

    [Fact]
    public async Task A_model_of_other_data_is_refused()
    {
        var model = Path.Combine(_folder, "model");
        await RunAsync("train", Sample(), "--out", model, "--dimension", "32", "--epochs", "1");
        var (code, error) = await RunAsync("evaluate", Write("other.txt", "u a b c\nv a b c\n"), "--model", model);
        Assert.Equal(2, code);
        Assert.Contains("knows none of the courses of", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Error)> RunAsync(params string[] args)
    {
        var error = new StringWriter();
        return (await CommandLine.RunAsync(args, error), error.ToString().TrimEnd());
    }

    private string Sample()
    {
        var text = new StringWriter();
        SequenceSample.Write(text, users: 120, seed: 1);
        return Write("sample.txt", text.ToString());
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
