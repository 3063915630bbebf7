using CourseRec.Cli;
using CourseRec.Cli.Training;
using CourseRec.Models.Sequential;
using CourseRec.Training.Data;
using CourseRec.Training.Evaluation;

namespace CourseRec.Cli.Tests.Training;

public sealed class TrainingPlanTests
{
    private static readonly LeaveOneOut Split = new(
        InteractionDataset.Of(
            ["u", "v"],
            ["a", "b", "c"],
            [
                [0, 1, 2],
                [2, 1, 0],
            ]
        )
    );

    [Fact]
    public void What_is_given_wins_over_what_follows_from_the_data()
    {
        var plan = Make(
            Settings() with
            {
                Dimension = 32,
                Layers = 3,
                Heads = 1,
                MaxLength = 77,
                Anchor = SequenceAnchor.Start,
                Dropout = 0.25,
                Negatives = 9,
                BatchSize = 8,
                Epochs = 5,
                TimeLimit = TimeSpan.FromMinutes(7),
                Threads = 3,
                Device = "cpu",
                Seed = 42,
            }
        );
        Assert.Equal(
            new SequentialConfig
            {
                Dimension = 32,
                Layers = 3,
                Heads = 1,
                MaxLength = 77,
                Anchor = SequenceAnchor.Start,
            },
            plan.Config
        );
        var (options, model) = (plan.Options, plan.Options.Model);
        Assert.Equal((9, 8, 5), (options.Negatives, options.BatchSize, options.Epochs));
        Assert.Equal(
            (TimeSpan.FromMinutes(7), "some.model.checkpoint"),
            (options.TimeLimit!.Value, options.Checkpoint!)
        );
        Assert.Equal((3, "cpu", 42UL, 0.25f), (model.Threads, model.Device, model.Seed, model.Dropout));
    }

    [Theory]
    [InlineData(SequentialObjective.NextItem, null, SequentialBlock.Gated, 128)]
    [InlineData(SequentialObjective.NextItem, SequentialBlock.Plain, SequentialBlock.Plain, 256)]
    [InlineData(SequentialObjective.Cloze, null, SequentialBlock.Plain, 256)]
    [InlineData(SequentialObjective.Cloze, SequentialBlock.Gated, SequentialBlock.Gated, 128)]
    public void A_block_brings_its_width_along(
        SequentialObjective objective,
        SequentialBlock? given,
        SequentialBlock block,
        int feedForward
    )
    {
        var config = Make(Settings() with { Objective = objective, Block = given }).Config;
        Assert.Equal((objective, block, feedForward), (config.Objective, config.Block, config.FeedForward));
    }

    [Fact]
    public void Gbce_stays_with_its_negatives()
    {
        Assert.Null(Make(Settings()).Options.Gbce);
        var options = Make(Settings() with { Loss = TrainingLoss.Gbce }).Options;
        Assert.Equal((0.75f, 1.0, 512), (options.Gbce, options.SampledShare, options.Negatives));
        var error = Assert.Throws<CliException>(() =>
            Make(Settings() with { Loss = TrainingLoss.Gbce, Negatives = 0 })
        );
        Assert.Equal("The training's Negatives can't be 0 with gBCE.", error.Message);
    }

    [Fact]
    public void An_impossible_shape_is_refused()
    {
        var error = Assert.Throws<CliException>(() => Make(Settings() with { Dimension = 50 }));
        Assert.Contains(
            "Dimension is 50; it must be a multiple of 16 · Heads (32)",
            error.Message,
            StringComparison.Ordinal
        );
    }

    private static TrainingPlan Make(TrainSettings settings) => TrainingPlan.Make(settings, Split);

    private static TrainSettings Settings() => new() { File = "some.txt", Target = new("some.model", Resumes: false) };
}
