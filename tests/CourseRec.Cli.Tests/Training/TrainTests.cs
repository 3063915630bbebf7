using CourseRec.Cli;
using CourseRec.Models.Sequential;
using CourseRec.Simulation;

namespace CourseRec.Cli.Tests.Training;

public sealed class TrainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("next-item", "softmax")]
    [InlineData("next-item", "gbce")]
    [InlineData("cloze", "softmax")]
    public async Task A_model_is_trained_and_can_be_evaluated_but_is_never_overwritten_unasked(
        string objective,
        string loss
    )
    {
        var (data, model) = (Sample(), _folder.File("model"));
        string[] train =
        [
            "train",
            data,
            "--out",
            model,
            "--objective",
            objective,
            "--loss",
            loss,
            "--dimension",
            "32",
            "--epochs",
            "3",
        ];
        Assert.Equal((0, ""), await Courserec.RunAsync(train));
        var saved = SequentialModelFile.Read(model);
        Assert.Equal("3", saved.Training["epochs"]);
        Assert.InRange(saved.Metrics["validation ndcg@10"], 0, 1);
        Assert.Equal((0, ""), await Courserec.RunAsync("evaluate", data, "--model", model, "--sampled", "20"));

        var (code, error) = await Courserec.RunAsync(train);
        Assert.Equal(2, code);
        Assert.StartsWith($"{model} exists", error, StringComparison.Ordinal);
        Assert.Equal((0, ""), await Courserec.RunAsync([.. train, "--overwrite"]));
        Assert.Equal(saved.Version, SequentialModelFile.Read(model).Version);
    }

    private string Sample()
    {
        var text = new StringWriter();
        SequenceSample.Write(text, users: 120, seed: 1);
        return Write("sample.txt", text.ToString());
    }

    private string Write(string name, string text)
    {
        var path = _folder.File(name);
        File.WriteAllText(path, text);
        return path;
    }
}
