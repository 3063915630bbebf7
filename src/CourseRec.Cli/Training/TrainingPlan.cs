using CourseRec.Models.Sequential;
using CourseRec.Training.Batch;
using CourseRec.Training.Evaluation;

namespace CourseRec.Cli.Training;

/// <summary>
/// Shape and options of a training: the defaults for the data, and what the command line says instead.
/// </summary>
/// <param name="Config">The model's shape.</param>
/// <param name="Options">How it is trained.</param>
internal sealed record TrainingPlan(SequentialConfig Config, BatchTrainerOptions Options)
{
    /// <summary>Plans a training.</summary>
    /// <exception cref="CliException">The shape is not possible; the message says which part.</exception>
    public static TrainingPlan Make(TrainSettings settings, LeaveOneOut split)
    {
        var lengths = Enumerable.Range(0, split.Data.Users.Count).Select(user => split.Data.Sequence(user).Length);
        var defaults = TrainingDefaults.For(settings.Objective, split.Data.Courses.Count, [.. lengths]);
        try
        {
            return new(
                ShapeOf(settings, defaults.Config).Validated(),
                OptionsOf(settings, defaults.Options).Validated()
            );
        }
        catch (ArgumentException e)
        {
            throw new CliException(e.Message, e);
        }
    }

    private static SequentialConfig ShapeOf(TrainSettings settings, SequentialConfig shape)
    {
        if (settings.Block is { } block && block != shape.Block)
            shape = shape with
            {
                Block = block,
                FeedForward = block == SequentialBlock.Plain ? SequentialConfig.Bert4Rec.FeedForward : 128,
            };
        return shape with
        {
            Dimension = settings.Dimension ?? shape.Dimension,
            Layers = settings.Layers ?? shape.Layers,
            Heads = settings.Heads ?? shape.Heads,
            MaxLength = settings.MaxLength ?? shape.MaxLength,
            Anchor = settings.Anchor ?? shape.Anchor,
        };
    }

    /// <summary>gSASRec's t, where its authors found it best or near it on every data set.</summary>
    private const float Calibration = 0.75f;

    private static BatchTrainerOptions OptionsOf(TrainSettings settings, BatchTrainerOptions options) =>
        options with
        {
            Model = options.Model with
            {
                Device = settings.Device,
                Threads = settings.Threads ?? options.Model.Threads,
                Dropout = (float?)settings.Dropout ?? options.Model.Dropout,
                Seed = (ulong)settings.Seed,
            },
            Negatives = settings.Negatives ?? options.Negatives,
            Gbce = settings.Loss == TrainingLoss.Gbce ? Calibration : null,
            SampledShare = settings.Loss == TrainingLoss.Gbce ? 1 : options.SampledShare,
            BatchSize = settings.BatchSize ?? options.BatchSize,
            Epochs = settings.Epochs ?? options.Epochs,
            TimeLimit = settings.TimeLimit,
            Checkpoint = settings.Target.CheckpointPath,
        };
}
