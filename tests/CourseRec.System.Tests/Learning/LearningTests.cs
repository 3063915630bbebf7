using System.Text.RegularExpressions;
using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Learning;

/// <summary>A real node learns while it serves, and keeps what it learned.</summary>
public sealed partial class LearningTests : IDisposable
{
    private static readonly string[] Busy =
    [
        "--simulation",
        "--set",
        "Simulation:Rate=100",
        "--set",
        "Training:CheckpointEvery=1s",
        "--set",
        "Training:PublishEvery=1s",
    ];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePorts.One();

    private string State => Path.Combine(_folder.Path, "model", "online.state");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task From_nothing_it_soon_pushes_lists_of_a_model_that_it_learned()
    {
        await using var node = await NodeProcess.StartAsync(_folder.Path, _port, Busy);
        Assert.Single(node.LinesWith("Learning begins from nothing"));
        await using var watcher = await HubClient.ConnectAsync(node.Url, "learner-000001");
        await watcher.InvokeAsync("Subscribe", 10);
        await Eventually.BecomesAsync(
            async () => (await watcher.NextAsync()).GetProperty("modelVersion").GetString()!,
            version => version.StartsWith("online-", StringComparison.Ordinal),
            "a push names a model that was learned online",
            Patience
        );
    }

    [Fact]
    public async Task After_a_kill_it_goes_on_from_the_last_checkpoint()
    {
        await using (var node = await NodeProcess.StartAsync(_folder.Path, _port, Busy))
        {
            using var client = new NodeClient(node.Url);
            await LearnedAsync(client, atLeast: 3);
            await SavedAsync(client, courses: 101);
            Assert.Equal(137, await node.EndAsync(Signals.Kill));
        }
        await using var again = await NodeProcess.StartAsync(_folder.Path, _port, "--no-simulation");
        var resumed = Resumed().Match(Assert.Single(again.LinesWith("Learning goes on")));
        Assert.True(resumed.Success, again.Output);
        var (version, courses) = (resumed.Groups["version"].Value, int.Parse(resumed.Groups["courses"].Value));
        using var reader = new NodeClient(again.Url);
        var training = await reader.TrainingAsync();
        Assert.True(TestTraining.NumberOf(version) >= 1, version);
        Assert.True(courses > 100, $"{courses} courses");
        Assert.StartsWith("online-", training.Version, StringComparison.Ordinal);
        Assert.True(training.Number >= TestTraining.NumberOf(version), $"{training} after {version}");
        Assert.True(training.Courses >= courses, $"{training} after {courses} courses");
    }

    [Fact]
    public async Task After_a_restart_the_numbers_of_the_models_go_on()
    {
        int number;
        await using (var node = await NodeProcess.StartAsync(_folder.Path, _port, Busy))
        {
            using var client = new NodeClient(node.Url);
            await LearnedAsync(client, atLeast: 2);
            Assert.Equal(0, await node.EndAsync(Signals.Terminate));
        }
        await using var again = await NodeProcess.StartAsync(_folder.Path, _port, Busy);
        number = TestTraining.NumberOf(Resumed().Match(again.Output).Groups["version"].Value);
        Assert.True(number >= 2, again.Output);
        using var reader = new NodeClient(again.Url);
        await LearnedAsync(reader, atLeast: number + 1);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.0)]
    public async Task A_checkpoint_that_was_cut_is_refused_and_not_changed(double kept)
    {
        await using (var node = await NodeProcess.StartAsync(_folder.Path, _port, Busy))
        {
            using var client = new NodeClient(node.Url);
            await LearnedAsync(client, atLeast: 1);
            Assert.Equal(0, await node.EndAsync(Signals.Terminate));
        }
        var whole = await File.ReadAllBytesAsync(State);
        var cut = whole[..(int)(whole.Length * kept)];
        await File.WriteAllBytesAsync(State, cut);
        var answer = await Courserec.RunAsync(
            "node",
            "--data-dir",
            _folder.Path,
            "--urls",
            $"http://127.0.0.1:{_port}"
        );
        Assert.True(answer.ExitCode == 2, $"exit {answer.ExitCode}: {answer.Output}{answer.Error}");
        Assert.Contains(State, Assert.Single(answer.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(cut, await File.ReadAllBytesAsync(State));
    }

    [Fact]
    public async Task Told_not_to_it_serves_without_learning()
    {
        await using var node = await NodeProcess.StartAsync(_folder.Path, _port, [.. Busy, "--no-training"]);
        using var client = new NodeClient(node.Url);
        var live = await Eventually.BecomesAsync(
            () => client.GetAsync("v1/live"),
            live => live.GetProperty("judge").GetProperty("contenders")[0].GetProperty("events").GetInt32() > 100,
            "events are judged"
        );
        Assert.Equal("off", (await client.TrainingAsync()).State);
        Assert.Equal(["blend", "popularity"], Contenders(live).Except(["instant"]));
        Assert.False(File.Exists(State));
    }

    [Fact]
    public async Task Without_libtorch_it_serves_and_says_once_that_it_does_not_learn()
    {
        using var copy = new TemporaryFolder();
        var program = BuiltProgram.CopyWithoutLibtorch(copy.Path);
        await using var node = await NodeProcess.StartProgramAsync(program, _folder.Path, _port, Busy);
        using var client = new NodeClient(node.Url);
        await Eventually.BecomesAsync(
            () => client.GetAsync("v1/users/learner-000001/recommendations?count=5"),
            list => list.GetProperty("items").GetArrayLength() == 5,
            "there are five courses to recommend"
        );
        var training = await client.TrainingAsync();
        Assert.Equal("unavailable", training.State);
        Assert.Contains("libtorch", training.Problem, StringComparison.Ordinal);
        Assert.Single(node.LinesWith("does not learn"));
        Assert.Equal(0, await node.EndAsync(Signals.Terminate));
    }

    [Fact]
    public async Task It_goes_on_learning_from_a_model_that_was_trained_before()
    {
        var (data, model) = (_folder.File("enrolments.txt"), _folder.File("given.crm"));
        await File.WriteAllLinesAsync(
            data,
            Enumerable
                .Range(0, 300)
                .Select(u => $"u{u} {string.Join(' ', Enumerable.Range(u % 40, 8).Select(c => $"c{c}"))}")
        );
        await Courserec.SucceedAsync("train", data, "--out", model, "--time-limit", "5s");
        var bytes = await File.ReadAllBytesAsync(model);
        await using var node = await NodeProcess.StartAsync(_folder.Path, _port, [.. Busy, "--model", model]);
        var resumed = Resumed().Match(Assert.Single(node.LinesWith("Learning goes on")));
        Assert.Equal("47", resumed.Groups["courses"].Value);
        using var client = new NodeClient(node.Url);
        await Eventually.BecomesAsync(
            client.TrainingAsync,
            training => training.Version != resumed.Groups["version"].Value && training.Courses > 47,
            "it learned more",
            Patience
        );
        Assert.Equal(bytes, await File.ReadAllBytesAsync(model));
    }

    /// <summary>Waits until so many courses are known and a checkpoint was begun after that.</summary>
    private async Task SavedAsync(NodeClient client, int courses)
    {
        await Eventually.BecomesAsync(
            client.TrainingAsync,
            training => training.Courses >= courses,
            $"{courses} courses are known",
            Patience
        );
        // The one that may be under way now was begun less than a second ago.
        var after = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(1);
        await Eventually.BecomesAsync(
            () => Task.FromResult(File.GetLastWriteTimeUtc(State)),
            written => written > after,
            $"a checkpoint is written after {after:T}",
            Patience
        );
    }

    private async Task LearnedAsync(NodeClient client, int atLeast) =>
        await Eventually.BecomesAsync(
            async () => (await client.TrainingAsync(), Saved: File.Exists(State)),
            state => state.Item1.Number >= atLeast && state.Saved,
            $"model {atLeast} was learned and a checkpoint written",
            Patience
        );

    private static IEnumerable<string?> Contenders(System.Text.Json.JsonElement live) =>
        live.GetProperty("judge")
            .GetProperty("contenders")
            .EnumerateArray()
            .Select(c => c.GetProperty("name").GetString());

    [GeneratedRegex("Learning goes on from model (?<version>\\S+) with (?<courses>[0-9]+) courses")]
    private static partial Regex Resumed();
}
