using CourseRec.Models.Sequential;
using CourseRec.Training.Online;

namespace CourseRec.Training.Tests.Online;

/// <summary>What goes wrong in training never reaches those who are served.</summary>
public class TroubleTests
{
    [Fact]
    public async Task A_model_made_worse_is_refused_and_learning_goes_back_to_the_last_good_one()
    {
        using var folder = new TemporaryFolder();
        var options = OnlineHarness.Options with { Folder = folder.Path, HeldOut = 0.3 };
        await using (var good = new OnlineHarness(options).Started())
        {
            good.TeachCircle(users: 400);
            await good.UntilLearned();
        }

        await using var harness = new OnlineHarness(options with { LearningRate = 30, RowLearningRate = 30 }).Started();
        var version = harness.Online!.Version;
        for (var round = 0; harness.Trainer.Status.RolledBack == 0; round++)
        {
            harness.TeachCircle(users: 20, firstUser: 1000 + 20 * round);
            var rejected = harness.Trainer.Status.Rejected;
            await harness.Until(
                () => harness.Trainer.Status is var now && (now.Rejected > rejected || now.RolledBack > 0),
                "it is refused"
            );
        }

        var status = harness.Trainer.Status;
        Assert.Equal((version, 0L), (harness.Online!.Version, status.Published));
        Assert.NotNull(status.LastRefusal);
        Assert.Contains(harness.Logged, line => line.Contains("was refused and " + version + " stays"));
        Assert.Contains(
            harness.Logged,
            line => line.StartsWith($"Warning: Learning went back to model {version} at 0.5 of")
        );
        Assert.True(harness.Learned() >= OnlineHarness.PlantedCourses - 2);
    }

    [Fact]
    public async Task Told_not_to_learn_the_last_model_serves_as_it_is()
    {
        using var folder = new TemporaryFolder();
        var options = OnlineHarness.Options with { Folder = folder.Path };
        await using (var learning = new OnlineHarness(options).Started())
        {
            learning.TeachCircle(users: 20);
            await learning.Until(() => learning.Online is not null, "a model serves");
        }

        await using var harness = new OnlineHarness(options with { Learns = false }).Started();
        harness.TeachCircle(users: 20);

        Assert.NotNull(harness.Online);
        Assert.Equal((OnlineTrainerState.Off, 0L, null), Seen(harness.Trainer.Status));
        Assert.Empty(harness.Logged);

        static (OnlineTrainerState, long, string?) Seen(OnlineTrainerStatus status) =>
            (status.State, status.Taught, status.Problem);
    }

    [Fact]
    public async Task Without_libtorch_the_given_model_serves_and_nothing_is_learned()
    {
        using var folder = new TemporaryFolder();
        var options = OnlineHarness.Options with { Folder = folder.Path };
        string version;
        await using (var learning = new OnlineHarness(options).Started())
        {
            learning.TeachCircle(users: 20);
            await learning.Until(() => learning.Online is not null, "a model serves");
            await learning.Trainer.StopAsync();
            version = learning.Online!.Version;
        }

        await using var harness = new OnlineHarness(options, unavailable: "There is no libtorch.").Started();
        harness.TeachCircle(users: 20);

        Assert.Equal(version, harness.Online!.Version);
        var status = harness.Trainer.Status;
        Assert.Equal((OnlineTrainerState.Unavailable, "There is no libtorch."), (status.State, status.Problem));
        Assert.Equal((0L, 0), (status.Taught, status.Pending));
        Assert.Equal(["Warning: This node does not learn: There is no libtorch."], harness.Logged);
        await harness.Trainer.StopAsync();
        Assert.Equal(OnlineTrainerState.Unavailable, harness.Trainer.Status.State);
    }

    [Fact]
    public async Task A_device_that_is_not_there_ends_learning_and_not_the_process()
    {
        await using var harness = new OnlineHarness(OnlineHarness.Options with { Device = "cuda:99" }).Started();

        harness.TeachCircle(users: 5);
        await harness.Until(() => harness.Trainer.Status.State == OnlineTrainerState.Stopped, "it gives up");

        Assert.StartsWith("libtorch: ", harness.Trainer.Status.Problem);
        harness.TeachCircle(users: 5);
        Assert.Contains(
            harness.Logged,
            line => line.StartsWith("Error: Learning stopped, the last model goes on serving")
        );
    }

    [Fact]
    public async Task A_given_model_serves_at_once_and_is_learned_from()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "given.model");
        var config = OnlineHarness.Options.Config with { MaxLength = 5 };
        var random = new Random(3);
        string[] ids = ["c5", "c4", "elsewhere"];
        var values = new float[ParameterLayout.Of(config, ids.Length).Length];
        foreach (ref var value in values.AsSpan())
            value = (float)random.NextDouble() - 0.5f;
        SequentialModelFile.Write(
            file,
            new(new(config, ids, values), "given-1", new Dictionary<string, double>(), new Dictionary<string, string>())
        );

        await using var harness = new OnlineHarness(OnlineHarness.Options with { Model = file }).Started();
        Assert.Equal("given-1", harness.Online!.Version);
        harness.TeachCircle(users: 50);
        await harness.Until(
            () => harness.Online!.Version.StartsWith("online-") && harness.Online.CourseCount > 3,
            "it learned"
        );

        Assert.Equal(ids, harness.Online!.CourseIds.Take(3));
        Assert.Equal(config, harness.Online.Config);
    }
}
