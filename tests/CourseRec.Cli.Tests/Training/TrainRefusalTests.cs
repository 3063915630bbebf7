using System.Buffers.Binary;
using CourseRec.Cli;
using CourseRec.Models.Sequential;
using CourseRec.Simulation;

namespace CourseRec.Cli.Tests.Training;

/// <summary>
/// What <c>train</c> and <c>evaluate</c> can't work with is one line and exit code 2, and every file stays as it was.
/// </summary>
public sealed class TrainRefusalTests : IDisposable
{
    private const int ModelFormatAt = 16; // after "CourseRec model\n"
    private const int CheckpointFormatAt = 21; // after "CourseRec checkpoint\n"

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "is empty: expected")]
    [InlineData("u a b c d\n", "has one user; two are the least.")]
    [InlineData("u a a a\nv a a a\n", "has one course; two are the least.")]
    [InlineData("u a\nv b\n", "has no user with three interactions")]
    [InlineData("u a b c\nv c b a\n", "no user has two interactions beside those held out.")]
    [InlineData("u a b c\nv\n", "line 2: user 'v' has no courses")]
    [InlineData("1::2::3\n", "line 1:")]
    [InlineData("a,b,c\n1,2,3\n", "line 1: 'a,b,c' is of no known format")]
    [InlineData("\u0001\u0002\u0003\n", "line 1:")]
    public async Task Data_that_can_not_be_learned_from_is_named_and_nothing_is_overwritten(
        string text,
        string expected
    )
    {
        var (data, model) = (Write("bad.txt", text), Write("model", "old model"));
        Write("model.checkpoint", "old checkpoint");
        AssertRefused(data, expected, await Courserec.RunAsync("train", data, "--out", model, "--overwrite"));
        Assert.Equal("old model", await File.ReadAllTextAsync(model));
        Assert.Equal("old checkpoint", await File.ReadAllTextAsync(model + ".checkpoint"));
    }

    [Fact]
    public async Task A_folder_is_no_file()
    {
        AssertRefused(
            _folder.Path,
            "is a folder",
            await Courserec.RunAsync("train", _folder.Path, "--out", At("model"))
        );
        AssertRefused(_folder.Path, "is a folder", await Courserec.RunAsync("evaluate", _folder.Path));
        AssertRefused(
            _folder.Path,
            "is a folder",
            await Courserec.RunAsync("evaluate", Sample(), "--model", _folder.Path)
        );
        AssertRefused(_folder.Path, "is a folder", await Courserec.RunAsync("train", Sample(), "--out", _folder.Path));
    }

    [Fact]
    public async Task A_model_of_another_version_or_cut_short_is_refused_by_name()
    {
        await TrainAsync();
        var whole = await File.ReadAllBytesAsync(At("model"));
        await RefusedModelAsync(
            OfFormat(whole, ModelFormatAt, 9),
            "it has format 9, and this version of CourseRec reads"
        );
        await RefusedModelAsync(whole[..(whole.Length / 2)], "it is damaged or cut short");
        await RefusedModelAsync(whole[..20], "it ends after 20 bytes");
        await RefusedModelAsync([], "it does not begin as a CourseRec model does");
        await RefusedModelAsync(await File.ReadAllBytesAsync(At("model.checkpoint")), "it does not begin as");
    }

    [Fact]
    public async Task A_checkpoint_of_another_version_or_training_or_cut_short_is_refused_by_name_and_left_alone()
    {
        await TrainAsync();
        var whole = await File.ReadAllBytesAsync(At("model.checkpoint"));
        await RefusedCheckpointAsync(OfFormat(whole, CheckpointFormatAt, 9), "it has format 9, and this version");
        await RefusedCheckpointAsync(whole[..(whole.Length / 2)], "it is damaged or cut short");
        await RefusedCheckpointAsync(whole[..20], "it has 20 bytes");
        await RefusedCheckpointAsync([], "it has 0 bytes");
        await RefusedCheckpointAsync(whole, "is the checkpoint of another training", "--seed", "2");
    }

    [Fact]
    public async Task Courses_that_the_model_does_not_know_count_as_misses()
    {
        await TrainAsync();
        var more = Write("more.txt", await File.ReadAllTextAsync(At("sample.txt")) + "new x1 x2 x3\n");
        Assert.Equal((0, ""), await Courserec.RunAsync("evaluate", more, "--model", At("model")));
        var none = Write("none.txt", "u a b c\nv a b c\n");
        AssertRefused(
            At("model"),
            "knows none of the courses of",
            await Courserec.RunAsync("evaluate", none, "--model", At("model"))
        );
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_named()
    {
        var (code, error) = await Courserec.RunAsync("train", Sample(), "--out", At("model"), "--device", "cuda:99");
        Assert.Equal(2, code);
        Assert.Contains("CUDA", Assert.Single(error.Split('\n')), StringComparison.Ordinal);
        Assert.False(File.Exists(At("model")));
    }

    [Fact]
    public async Task A_place_that_can_not_be_written_is_found_out_before_training()
    {
        var name = new string('m', 250);
        AssertRefused(At(name), "can't be written", await Courserec.RunAsync("train", Sample(), "--out", At(name)));
    }

    private async Task RefusedModelAsync(byte[] bytes, string expected)
    {
        await File.WriteAllBytesAsync(At("other"), bytes);
        AssertRefused(
            $"'{At("other")}'",
            expected,
            await Courserec.RunAsync("evaluate", Sample(), "--model", At("other"))
        );
        Assert.Equal(bytes, await File.ReadAllBytesAsync(At("other")));
    }

    private async Task RefusedCheckpointAsync(byte[] bytes, string expected, params string[] more)
    {
        await File.WriteAllBytesAsync(At("other.checkpoint"), bytes);
        var answer = await Courserec.RunAsync([.. Arguments("other"), "--resume", .. more]);
        AssertRefused($"'{At("other.checkpoint")}'", expected, answer);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(At("other.checkpoint")));
        Assert.False(File.Exists(At("other")));
    }

    private async Task TrainAsync()
    {
        Assert.Equal((0, ""), await Courserec.RunAsync(Arguments("model")));
        Assert.Equal("1", SequentialModelFile.Read(At("model")).Training["epochs"]);
    }

    private string[] Arguments(string model) =>
        ["train", Sample(), "--out", At(model), "--dimension", "32", "--epochs", "1", "--threads", "1"];

    private static byte[] OfFormat(byte[] whole, int at, int format)
    {
        var other = (byte[])whole.Clone();
        BinaryPrimitives.WriteInt32LittleEndian(other.AsSpan(at), format);
        return other;
    }

    private static void AssertRefused(string named, string expected, (int Code, string Error) answer)
    {
        Assert.Equal(2, answer.Code);
        var line = Assert.Single(answer.Error.Split('\n'));
        Assert.StartsWith(named, line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    private string Sample()
    {
        var text = new StringWriter();
        SequenceSample.Write(text, users: 60, seed: 1);
        return Write("sample.txt", text.ToString());
    }

    private string At(string name) => _folder.File(name);

    private string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }
}
