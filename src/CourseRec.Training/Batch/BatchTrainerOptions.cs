using CourseRec.Training.Native;

namespace CourseRec.Training.Batch;

/// <summary>
/// How a model is trained from stored sequences. <see cref="TrainingDefaults"/> chooses them from the data's size.
/// </summary>
public sealed record BatchTrainerOptions
{
    /// <summary>Device, threads, dropout, optimiser, seed.</summary>
    public TrainingModelOptions Model { get; init; } = new();

    /// <summary>Sequences a step. Default: 128.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Adam's rate, constant after <see cref="WarmupSteps"/>. Default: 1e-3.</summary>
    public float LearningRate { get; init; } = 1e-3f;

    /// <summary>Steps in which the rate rises from 0. Default: 100.</summary>
    public int WarmupSteps { get; init; } = 100;

    /// <summary>
    /// Negatives that a batch shares in the sampled phase; 0: full softmax from the start. Default: 512.
    /// </summary>
    public int Negatives { get; init; } = 512;

    /// <summary>
    /// The loss of the sampled phase: null for the sampled softmax; else gBCE with this calibration, 0 (plain binary
    /// cross-entropy) to 1 (Petrov and Macdonald, 2023: 0.75).
    /// </summary>
    public float? Gbce { get; init; }

    /// <summary>
    /// Share of the time (or of the epochs) after which the full softmax takes over; 1: never. Default: 0.6.
    /// </summary>
    public double SampledShare { get; init; } = 0.6;

    /// <summary>The most epochs of the sampled phase, where a full one follows. Default: 40.</summary>
    public int SampledEpochs { get; init; } = 40;

    /// <summary>Cloze: share of courses masked. Default: 0.2.</summary>
    public double MaskShare { get; init; } = 0.2;

    /// <summary>
    /// Cloze: share of sequences in which the last course alone is masked, as in serving. Default: 0.2.
    /// </summary>
    public double LastOnlyShare { get; init; } = 0.2;

    /// <summary>
    /// Share of epochs in which a user longer than the model's length is seen through a random window. Default: 0.5.
    /// </summary>
    public double WindowShare { get; init; } = 0.5;

    /// <summary>The most epochs; patience or the time limit mostly ends a training sooner. Default: 500.</summary>
    public int Epochs { get; init; } = 500;

    /// <summary>Epochs between two validations. Default: 3.</summary>
    public int ValidateEvery { get; init; } = 3;

    /// <summary>Validations without a better one after which a phase ends. Default: 10.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>Training and validation end after this time; null: no limit.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Where checkpoints go, and from where a training resumes if the file is there; null: none.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Time between checkpoints. Default: a minute.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>These options, if a training can have them.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public BatchTrainerOptions Validated()
    {
        Require(BatchSize is >= 1 and <= 65_536, nameof(BatchSize), BatchSize);
        Require(LearningRate is > 0 and < 1, nameof(LearningRate), LearningRate);
        Require(WarmupSteps >= 0, nameof(WarmupSteps), WarmupSteps);
        Require(Negatives >= 0, nameof(Negatives), Negatives);
        Require(Gbce is null or >= 0 and <= 1, nameof(Gbce), Gbce);
        Require(Gbce is null || Negatives > 0, nameof(Negatives), $"{Negatives} with gBCE");
        Require(SampledShare is >= 0 and <= 1, nameof(SampledShare), SampledShare);
        Require(SampledEpochs >= 0, nameof(SampledEpochs), SampledEpochs);
        Require(MaskShare is > 0 and < 1, nameof(MaskShare), MaskShare);
        Require(LastOnlyShare is >= 0 and <= 1, nameof(LastOnlyShare), LastOnlyShare);
        Require(WindowShare is >= 0 and <= 1, nameof(WindowShare), WindowShare);
        Require(Epochs >= 1, nameof(Epochs), Epochs);
        Require(ValidateEvery >= 1, nameof(ValidateEvery), ValidateEvery);
        Require(Patience >= 1, nameof(Patience), Patience);
        Require(TimeLimit is not { } limit || limit > TimeSpan.Zero, nameof(TimeLimit), TimeLimit);
        return this;
    }

    private static void Require(bool holds, string name, object? value)
    {
        if (!holds)
            throw new ArgumentException($"The training's {name} can't be {value}.");
    }
}
