using CourseRec.Models.Sequential;
using CourseRec.Training.Batch;
using Microsoft.Extensions.Time.Testing;

namespace CourseRec.Training.Tests.Batch;

public sealed class BatchTrainerTests : IDisposable
{
    private static readonly MarkovData Data = new();

    private readonly TemporaryFolder _folder = new();

    private string Checkpoint => _folder.File("run.checkpoint");

    private static SequentialConfig Config(SequentialObjective objective) =>
        (objective == SequentialObjective.Cloze ? SequentialConfig.Bert4Rec : new()) with
        {
            Dimension = 32,
            FeedForward = 64,
            MaxLength = 12,
        };

    private static BatchTrainerOptions Options { get; } =
        new()
        {
            Model = new()
            {
                Device = "cpu",
                EmaDecay = 0.9f,
                InitStd = 0.1f,
            },
            BatchSize = 32,
            LearningRate = 5e-3f,
            WarmupSteps = 10,
            Negatives = 16,
            Epochs = 30,
            ValidateEvery = 5,
        };

    private static BatchTrainer Trainer(
        BatchTrainerOptions options,
        SequentialObjective objective = SequentialObjective.NextItem,
        TimeProvider? time = null
    ) => new(Config(objective), MarkovData.Ids, Data.Sequences, options, time ?? TimeProvider.System);

    [Theory]
    [InlineData(SequentialObjective.NextItem, 30)]
    [InlineData(SequentialObjective.Cloze, 100)]
    public void Training_learns_the_order_that_popularity_cannot_see(SequentialObjective objective, int epochs)
    {
        var reports = new List<TrainingProgress>();

        var outcome = Trainer(Options with { Epochs = epochs }, objective).Train(Data.Ndcg, reports.Add);

        Assert.InRange(Data.PopularityNdcg(), 0, 0.4);
        Assert.InRange(outcome.Metric!.Value, 0.75, 1);
        Assert.Equal(outcome.Metric.Value, Data.Ndcg(outcome.Parameters), 1e-9);
        Assert.Equal((epochs, 10 * epochs, TrainingEnd.Epochs), (outcome.Epochs, outcome.Steps, outcome.End));
        var validated = reports.Where(report => report.Validated).ToList();
        Assert.Equal(Enumerable.Range(1, epochs / 5).Select(i => 5 * i), validated.Select(report => report.Epoch));
        Assert.Equal(TrainingPhase.Sampled, validated[0].Phase);
        Assert.Equal(TrainingPhase.Full, validated[^1].Phase);
    }

    [Fact]
    public void A_training_that_is_interrupted_ends_with_the_same_bits()
    {
        var options = Options with { Epochs = 4, ValidateEvery = 1 };
        var straight = Trainer(options).Train(Data.Ndcg);

        var resumable = options with { Checkpoint = Checkpoint };
        using var cancel = new CancellationTokenSource();
        var validations = 0;
        double ValidateThenCancel(SequentialParameters parameters)
        {
            if (++validations == 2)
                cancel.Cancel();
            return Data.Ndcg(parameters);
        }
        Assert.Throws<OperationCanceledException>(() =>
            Trainer(resumable).Train(ValidateThenCancel, cancel: cancel.Token)
        );
        var resumed = Trainer(resumable).Train(Data.Ndcg);

        Assert.Equal(2, validations);
        Assert.Equal(straight.Parameters.Values, resumed.Parameters.Values);
        Assert.Equal((straight.Metric, straight.Steps), (resumed.Metric, resumed.Steps));
    }

    [Fact]
    public void A_training_resumes_in_the_middle_of_an_epoch()
    {
        var options = Options with { Epochs = 2, ValidateEvery = 1 };
        var straight = Trainer(options).Train();

        var resumable = options with { Checkpoint = Checkpoint, CheckpointEvery = TimeSpan.Zero };
        using var cancel = new CancellationTokenSource();
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
        void CancelAtStep13(TrainingProgress progress)
        {
            if (progress.Step == 13)
                cancel.Cancel();
        }
        Assert.Throws<OperationCanceledException>(() =>
            Trainer(resumable, time: time).Train(report: CancelAtStep13, cancel: cancel.Token)
        );

        Assert.Equal(13, TrainingCheckpoint.Read(Checkpoint).State.Steps);
        Assert.Equal(straight.Parameters.Values, Trainer(resumable).Train().Parameters.Values);
    }

    [Fact]
    public void The_best_on_validation_is_kept_and_patience_ends_each_phase()
    {
        var metrics = new Queue<double>([0.1, 0.5, 0.3, 0.2, 0.4, 0.45, 0.9]);
        var seen = new List<float[]>();
        double Validate(SequentialParameters parameters)
        {
            seen.Add(parameters.Values);
            return metrics.Dequeue();
        }

        var outcome = Trainer(Options with { ValidateEvery = 1, Patience = 2 }).Train(Validate);

        Assert.Equal(TrainingEnd.Patience, outcome.End);
        Assert.Equal(6, outcome.Epochs);
        Assert.Equal(0.5, outcome.Metric);
        Assert.Equal(seen[1], outcome.Parameters.Values);
    }

    [Fact]
    public void A_time_limit_ends_training_and_leaves_a_validated_model()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
        var reports = new List<TrainingProgress>();
        var options = Options with { TimeLimit = TimeSpan.FromSeconds(100) };

        var outcome = Trainer(options, time: time).Train(Data.Ndcg, reports.Add);

        Assert.Equal(TrainingEnd.TimeLimit, outcome.End);
        Assert.NotNull(outcome.Metric);
        Assert.InRange(outcome.Elapsed.TotalSeconds, 90, 120);
        Assert.True(reports[^1].Validated);
        Assert.Contains(reports, report => report.Phase == TrainingPhase.Full);
    }

    [Fact]
    public void A_checkpoint_of_other_data_a_damaged_one_and_another_format_are_refused_by_name()
    {
        var options = Options with { Epochs = 1, Checkpoint = Checkpoint };
        Trainer(options).Train();
        var bytes = File.ReadAllBytes(Checkpoint);

        AssertRefused(Options with { Checkpoint = Checkpoint, BatchSize = 16 }, "of another training");
        File.WriteAllBytes(Checkpoint, bytes[..^100]);
        AssertRefused(options, "damaged or cut short");
        File.WriteAllText(Checkpoint, "something else that is long enough to be a checkpoint");
        AssertRefused(options, "does not begin as");
        bytes[21] = 9;
        File.WriteAllBytes(Checkpoint, bytes);
        AssertRefused(options, "it has format 9");
        Assert.Equal(bytes, File.ReadAllBytes(Checkpoint));
    }

    [Fact]
    public void A_validation_that_is_not_a_number_and_a_single_course_are_refused()
    {
        var options = Options with { Epochs = 1, ValidateEvery = 1 };
        Assert.Contains(
            "The validation answered NaN",
            Assert.ThrowsAny<Exception>(() => Trainer(options).Train(_ => double.NaN)).Message
        );
        Assert.Equal(
            "A catalogue of 1 courses leaves nothing to learn.",
            Assert
                .Throws<ArgumentException>(() =>
                    new BatchTrainer(
                        new(),
                        ["only"],
                        [
                            [1, 1, 1],
                        ],
                        Options,
                        TimeProvider.System
                    )
                )
                .Message
        );
    }

    [Theory]
    [InlineData(3_000, 50, 0.6, 50)]
    [InlineData(20_000, 1_000, 1.0, 200)]
    public void Defaults_follow_the_size_of_the_data(int courses, int length, double sampledShare, int context)
    {
        var lengths = Enumerable.Repeat(length, 1_000).ToArray();
        var defaults = TrainingDefaults.For(SequentialObjective.NextItem, courses, lengths);
        Assert.Equal(context, defaults.Config.MaxLength);
        Assert.Equal(sampledShare, defaults.Options.SampledShare);
    }

    [Theory]
    [InlineData(SequentialObjective.NextItem, 0.6, 30)]
    [InlineData(SequentialObjective.Cloze, 0.0, 60)]
    public void Data_of_the_size_of_MovieLens_1M_is_trained_by_the_published_recipe(
        SequentialObjective objective,
        double sampledShare,
        int patientEpochs
    )
    {
        var (config, options) = TrainingDefaults.For(objective, 3_416, [.. Enumerable.Range(0, 6_040).Select(Length)]);
        Assert.Equal((64, 2, 2, 200), (config.Dimension, config.Layers, config.Heads, config.MaxLength));
        Assert.Equal((128, 1e-3f, 0.1f), (options.BatchSize, options.LearningRate, options.Model.Dropout));
        Assert.Equal((sampledShare, 42), (options.SampledShare, options.SampledEpochs));
        Assert.Equal((3, patientEpochs), (options.ValidateEvery, options.Patience * options.ValidateEvery));

        static int Length(int user) => user % 10 == 0 ? 780 : 97; // 165 on average
    }

    [Fact]
    public void Few_users_make_small_batches_and_as_many_steps()
    {
        var options = TrainingDefaults.For(SequentialObjective.NextItem, 500, [.. Enumerable.Repeat(20, 120)]).Options;
        Assert.Equal(
            (32, 25, 500, 5_000),
            (options.BatchSize, options.ValidateEvery, options.SampledEpochs, options.Epochs)
        );
    }

    public void Dispose() => _folder.Dispose();

    private static void AssertRefused(BatchTrainerOptions options, string reason)
    {
        var error = Assert.Throws<InvalidDataException>(() => Trainer(options).Train());
        Assert.Contains("run.checkpoint'", error.Message);
        Assert.Contains(reason, error.Message);
    }
}
