using CourseRec.Models.Sequential;
using CourseRec.Training.Native;

namespace CourseRec.Training.Tests.Native;

public class TrainingModelTests
{
    private static readonly TrainingStep Sampled = new(1e-2f, 1e-2f, 4);

    private static TrainingBatch Batch => Tiny.Batch(SequentialObjective.NextItem);

    [Fact]
    public void A_new_model_begins_with_norms_of_one_and_no_bias()
    {
        using var model = Tiny.Model();
        var parameters = model.Parameters(averaged: false);

        foreach (var name in new[] { "layer0.norm1", "layer1.norm2", "finalNorm" })
            Assert.All(parameters[name + ".weight"].ToArray(), value => Assert.Equal(1f, value));
        foreach (var name in new[] { "layer0.qkv.bias", "layer1.gate2.bias", "finalNorm.bias", "outputBias" })
            Assert.All(parameters[name].ToArray(), value => Assert.Equal(0f, value));
        Assert.All(parameters["item"][..32].ToArray(), value => Assert.Equal(0f, value));
        Assert.All(parameters["layer1.down.weight"].ToArray(), value => Assert.NotEqual(0f, value));
    }

    [Fact]
    public void Parameters_come_back_as_they_were_set()
    {
        using var model = Tiny.Model();
        using var other = Tiny.Model(options: Tiny.Options with { Seed = 2, EmaDecay = 0.9f });
        var parameters = model.Parameters(averaged: false);
        Assert.NotEqual(parameters.Values, other.Parameters(false).Values);

        other.SetParameters(parameters);

        Assert.Equal(parameters.Values, other.Parameters(averaged: false).Values);
        Assert.Equal(parameters.Values, other.Parameters(averaged: true).Values);
    }

    [Theory]
    [InlineData(RowOptimiser.LazyAdam, 1)]
    [InlineData(RowOptimiser.RowRms, 1)]
    [InlineData(RowOptimiser.LazyAdam, 2)]
    public void A_restored_state_trains_on_bit_for_bit(RowOptimiser rows, int threads)
    {
        var options = Tiny.Options with { Dropout = 0.3f, EmaDecay = 0.99f, Rows = rows, Threads = threads };
        using var straight = Tiny.Model(options: options);
        Train(straight, 5);
        var state = straight.SaveState();
        Train(straight, 5);

        using var resumed = Tiny.Model(options: options with { Seed = 77 });
        resumed.LoadState(state);
        Train(resumed, 5);

        Assert.Equal(straight.Parameters(false).Values, resumed.Parameters(false).Values);
        Assert.Equal(straight.Parameters(true).Values, resumed.Parameters(true).Values);
        Assert.Equal(straight.SaveState(), resumed.SaveState());
    }

    [Theory]
    [InlineData(RowOptimiser.LazyAdam)]
    [InlineData(RowOptimiser.RowRms)]
    public void Torchs_operations_update_as_the_kernels_do(RowOptimiser rows)
    {
        var options = Tiny.Options with
        {
            EmaDecay = 0.9f,
            Rows = rows,
            WeightDecay = 0.1f,
            ClipNorm = 0.5f,
            Epsilon = 1e-3f,
        };
        using var fused = Tiny.Model(options: options);
        using var plain = Tiny.Model(options: options with { Fused = false });

        Train(fused, 6);
        Train(plain, 6);

        foreach (var averaged in new[] { false, true })
        {
            var (a, b) = (fused.Parameters(averaged).Values, plain.Parameters(averaged).Values);
            Assert.True(a.Zip(b).All(pair => Math.Abs(pair.First - pair.Second) < 1e-5));
        }
    }

    [Fact]
    public void Averages_are_those_of_every_row_though_only_touched_rows_are_visited()
    {
        using var model = Tiny.Model(options: Tiny.Options with { EmaDecay = 0.9f });
        var expected = model.Parameters(false).Values.Select(value => (double)value).ToArray();
        for (var step = 1; step <= 8; step++)
        {
            model.Step(new([1 + step % 3], [4 + step % 4], 1), Sampled with { Negatives = 1 });
            var keep = Math.Min(0.9, (1.0 + step) / (10.0 + step));
            var now = model.Parameters(false).Values;
            for (var i = 0; i < now.Length; i++)
                expected[i] = keep * expected[i] + (1 - keep) * now[i];
        }

        var averaged = model.Parameters(true).Values;

        Assert.True(expected.Zip(averaged).All(pair => Math.Abs(pair.First - pair.Second) < 1e-5));
    }

    [Fact]
    public void Rows_that_a_step_does_not_touch_stay_as_they_are()
    {
        using var model = Tiny.Model();
        var before = model.Parameters(false);

        var result = model.Step(new([1], [2], 1), Sampled with { Negatives = 1 });

        var after = model.Parameters(false);
        var changed = Enumerable
            .Range(0, Tiny.Courses + 2)
            .Count(r => !before["item"].Slice(r * 32, 32).SequenceEqual(after["item"].Slice(r * 32, 32)));
        Assert.InRange(changed, 2, 3);
        Assert.Equal(changed, result.Rows);
    }

    [Theory]
    [InlineData(SequentialObjective.NextItem, 0)]
    [InlineData(SequentialObjective.NextItem, 5)]
    [InlineData(SequentialObjective.Cloze, 0)]
    [InlineData(SequentialObjective.Cloze, 5)]
    public void The_loss_falls(SequentialObjective objective, int negatives)
    {
        using var model = Tiny.Model(Tiny.Config(objective));
        var batch = Tiny.Batch(objective);
        for (var i = 0; i < 60; i++)
            model.Step(batch, new(3e-3f, 3e-3f, negatives));
        Assert.InRange(model.Gradient(batch, 0).Result.Loss, 0, 0.5);
    }

    [Fact]
    public void New_courses_stand_behind_the_old_ones_and_change_nothing_else()
    {
        using var model = Tiny.Model(Tiny.Config(SequentialObjective.Cloze), Tiny.Options with { EmaDecay = 0.9f });
        Train(model, 3, SequentialObjective.Cloze);
        var before = model.Scores([1, 2, Tiny.Courses + 1], 3);
        var row = Enumerable.Range(0, 64).Select(i => i / 64f).ToArray();

        model.AddCourses(["new", "newer"], row, [0.5f, -0.5f]);

        var parameters = model.Parameters(false);
        Assert.Equal([.. Tiny.Ids(), "new", "newer"], parameters.CourseIds);
        Assert.Equal(row, parameters["item"].Slice((Tiny.Courses + 1) * 32, 64).ToArray());
        var after = model.Scores([1, 2, Tiny.Courses + 3], 3);
        for (var course = 1; course <= Tiny.Courses; course++)
            Assert.Equal(before[course], after[course], 1e-5f);
        Assert.True(double.IsFinite(model.Step(new([11, 10], [0, 11], 2), Sampled).Loss));
    }

    [Fact]
    public void Native_errors_are_carried()
    {
        using var model = Tiny.Model();
        Assert.Contains(
            "token 11 is not a row of 9 courses",
            Assert.Throws<TrainingException>(() => model.Step(new([11], [1], 1), Sampled)).Message
        );
        Assert.Contains(
            "padding stands inside a sequence",
            Assert.Throws<TrainingException>(() => model.Step(new([1, 0], [2, 0], 2), Sampled)).Message
        );
        Assert.Contains(
            "has no targets",
            Assert.Throws<TrainingException>(() => model.Step(new([1], [0], 1), Sampled)).Message
        );
        Assert.Contains(
            "7 tokens, the model sees at most 6",
            Assert.Throws<TrainingException>(() => model.Step(new(new int[7], new int[7], 7), Sampled)).Message
        );
        Assert.Contains(
            "the state has 3 bytes",
            Assert.Throws<TrainingException>(() => model.LoadState([1, 2, 3])).Message
        );
        var unknown = Assert.Throws<TrainingException>(() => Tiny.Model(options: Tiny.Options with { Device = "tpu" }));
        Assert.Equal("libtorch: the device 'tpu' is none of auto, cpu, cuda:N", unknown.Message);
    }

    [Fact]
    public void A_step_that_is_not_finite_leaves_the_model_alone()
    {
        using var model = Tiny.Model();
        model.Step(Batch, new(1e38f, 1e38f, 0));
        var before = model.SaveState();

        var error = Assert.Throws<TrainingException>(() => model.Step(Batch, Sampled));

        Assert.Contains("step 2: the loss is", error.Message);
        Assert.Equal(before, model.SaveState());
    }

    private static void Train(
        TrainingModel model,
        int steps,
        SequentialObjective objective = SequentialObjective.NextItem
    )
    {
        for (var i = 0; i < steps; i++)
            model.Step(Tiny.Batch(objective), Sampled);
    }
}
