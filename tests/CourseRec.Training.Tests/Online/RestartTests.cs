using CourseRec.Training.Online;

namespace CourseRec.Training.Tests.Online;

public class RestartTests
{
    [Fact]
    public async Task A_restart_goes_on_where_learning_was()
    {
        using var folder = new TemporaryFolder();
        var options = OnlineHarness.Options with { Folder = folder.Path };
        var (before, frozen) = await Learned(options);

        await using var harness = new OnlineHarness(options).Started();

        Assert.Equal((before, frozen), (harness.Online!.Version, harness.Models.Frozen!.Version));
        Assert.True(harness.Learned() >= OnlineHarness.PlantedCourses - 2);
        Assert.Equal(OnlineTrainerState.Waiting, harness.Trainer.Status.State);
        harness.Teach(9999, "c3", "c4", "new");
        await harness.Until(() => harness.Online!.Version != before, "a newer model serves");
        Assert.Equal(Number(before) + 1, Number(harness.Online!.Version));
        Assert.Contains("new", harness.Online.CourseIds);
        Assert.True(harness.Learned() >= OnlineHarness.PlantedCourses - 4, $"{harness.Learned()} are still known");
    }

    [Fact]
    public async Task After_a_restart_numbers_go_beyond_any_that_serves_elsewhere()
    {
        using var folder = new TemporaryFolder();
        var options = OnlineHarness.Options with { Folder = folder.Path };
        var (before, _) = await Learned(options);
        await using var harness = new OnlineHarness(options).Started();

        harness.Trainer.GoBeyond(OnlineVersion.Of("abcd", 5_000));
        harness.Trainer.GoBeyond(OnlineVersion.Of("abcd", 4_000));
        harness.Trainer.GoBeyond(OnlineVersion.Of("abcd", 1L << 50));
        harness.Trainer.GoBeyond("a model of another make");
        harness.Teach(9999, "c3", "c4", "new");
        await harness.Until(() => harness.Online!.Version != before, "a newer model serves");
        Assert.Equal(5_001, OnlineVersion.NumberOf(harness.Online!.Version));
    }

    [Fact]
    public async Task A_restart_repeats_what_was_learned_before_it()
    {
        using var folder = new TemporaryFolder();
        var options = OnlineHarness.Options with { Folder = folder.Path };
        await Learned(options);

        var users = Kept(folder);
        Assert.Equal(300, users.Count);
        Assert.All(users, user => Assert.Equal(6, user.Courses.Length));
    }

    [Fact]
    public async Task An_erased_user_is_in_no_later_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var options = OnlineHarness.Options with { Folder = folder.Path };
        await Learned(options);
        Assert.Contains(7UL, Kept(folder).Select(sequence => sequence.User));
        await using (var harness = new OnlineHarness(options).Started())
        {
            harness.Trainer.Forget(7);
            await harness.Until(() => harness.Trainer.Status.Pending == 0, "the user is forgotten");
        }
        Assert.DoesNotContain(7UL, Kept(folder).Select(sequence => sequence.User));
        Assert.Equal(299, Kept(folder).Count);
    }

    [Theory]
    [InlineData("online.state", "its checksum is wrong")]
    [InlineData("*.model", "its checksum is wrong")]
    public async Task A_damaged_file_is_refused_by_name(string pattern, string found)
    {
        using var folder = new TemporaryFolder();
        var options = OnlineHarness.Options with { Folder = folder.Path };
        await Learned(options);
        var file = Directory.GetFiles(folder.Path, pattern)[0];
        var bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(file, bytes[..^100]);

        await using var harness = new OnlineHarness(options);
        var refused = Assert.Throws<InvalidDataException>(() => harness.Started());

        Assert.Contains($"'{file}'", refused.Message);
        Assert.Contains(found, refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task A_state_of_another_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        await Learned(OnlineHarness.Options with { Folder = folder.Path });
        await Learned(OnlineHarness.Options with { Folder = other.Path });
        var mine = new CheckpointFolder(folder.Path).Read()!.Value.State.Header.ModelFile;
        var theirs = new CheckpointFolder(other.Path).Read()!.Value.State.Header.ModelFile;
        File.Copy(Path.Combine(other.Path, theirs), Path.Combine(folder.Path, mine), overwrite: true);

        await using var harness = new OnlineHarness(OnlineHarness.Options with { Folder = folder.Path });
        var refused = Assert.Throws<InvalidDataException>(() => harness.Started());

        Assert.Contains(
            $"'{Path.Combine(folder.Path, "online.state")}' can't be resumed: it belongs to model",
            refused.Message
        );
    }

    [Fact]
    public async Task Only_the_files_of_the_last_checkpoint_stay()
    {
        using var folder = new TemporaryFolder();
        await Learned(
            OnlineHarness.Options with
            {
                Folder = folder.Path,
                CheckpointEvery = TimeSpan.FromMilliseconds(1),
            }
        );

        var header = new CheckpointFolder(folder.Path).Read()!.Value.State.Header;
        Assert.Equal(
            new[] { header.ModelFile, header.FrozenFile!, "online.state" }.Distinct().Order(),
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order()
        );
    }

    /// <summary>The sequences that a checkpoint keeps to be repeated.</summary>
    private static List<StoredSequence> Kept(TemporaryFolder folder)
    {
        var (state, online, _) = new CheckpointFolder(folder.Path).Read()!.Value;
        var vocabulary = new Vocabulary(new());
        foreach (var id in online.Model.CourseIds)
            vocabulary.Add(id);
        ReadOnlySpan<int> values = state.Sequences;
        return [.. SequenceLists.Decode(ref values, vocabulary)];
    }

    /// <summary>Learns the circle and stops; the versions that served and were frozen.</summary>
    private static async Task<(string Online, string Frozen)> Learned(OnlineTrainerOptions options)
    {
        await using var harness = new OnlineHarness(options).Started();
        harness.TeachCircle(users: 300);
        await harness.UntilLearned();
        await harness.Until(() => harness.Trainer.Status.Pending == 0, "all is trained");
        harness.Trainer.Freeze();
        await harness.Trainer.StopAsync();
        return (harness.Online!.Version, harness.Models.Frozen!.Version);
    }

    private static int Number(string version) => int.Parse(version.Split('-')[^1]);
}
