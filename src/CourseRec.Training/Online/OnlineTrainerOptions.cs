using CourseRec.Models.Sequential;

namespace CourseRec.Training.Online;

/// <summary>How a model goes on learning while it serves.</summary>
public sealed record OnlineTrainerOptions
{
    /// <summary>Where checkpoints go, and from where learning resumes; null: nothing is kept.</summary>
    public string? Folder { get; init; }

    /// <summary>A model file to begin with where the folder has no checkpoint; null: from nothing.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// Whether it learns; if not, the checkpoint's or the given model serves as it is. Default: true.
    /// </summary>
    public bool Learns { get; init; } = true;

    /// <summary>auto (CUDA when there is one), cpu or cuda:N. Default: auto.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Gradient threads on a CPU, 1 to 64. Default: 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// The most of one core that learning takes while there is something to learn, (0, 1]. Default: 0.5.
    /// </summary>
    public double Share { get; init; } = 0.5;

    /// <summary>Time between two models, when something was learned. Default: 2 seconds.</summary>
    public TimeSpan PublishEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time between checkpoints. Default: 30 seconds.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often what serves becomes the frozen model to compare with; zero: only by
    /// <see cref="OnlineTrainer.Freeze"/>. Default: an hour.
    /// </summary>
    public TimeSpan FreezeEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Time from acceptance to a model that has learned it, up to which an example counts as covered. Default: 10
    /// seconds.
    /// </summary>
    public TimeSpan InTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Share of users who never train: the guard judges with them, [0, 0.5]. Default: 0.02.</summary>
    public double HeldOut { get; init; } = 0.02;

    /// <summary>
    /// Users whose sequences are kept to be repeated; beyond, a uniform sample of them. Default: 50,000.
    /// </summary>
    public int ReplayCapacity { get; init; } = 50_000;

    /// <summary>
    /// Repeated positions that each fresh one earns, at least 0; beyond what goes along with fresh ones, they are
    /// trained when idle. Default: 30.
    /// </summary>
    public double ReplayRatio { get; init; } = 30;

    /// <summary>Fresh examples that may wait; when full, the newest are dropped and counted. Default: 20,000.</summary>
    public int MaxPending { get; init; } = 20_000;

    /// <summary>Fresh sequences of one step, 1 to 4,096. Default: 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>
    /// Courses drawn as negatives for a step; catalogues up to twice as many are trained with the full softmax.
    /// Default: 512.
    /// </summary>
    public int Negatives { get; init; } = 512;

    /// <summary>Adam's rate for the dense part of a model that is kept up to date. Default: 1e-4.</summary>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>The embedding rows' rate of such a model. Default: 1e-3.</summary>
    public double RowLearningRate { get; init; } = 1e-3;

    /// <summary>
    /// The dense part's rate at the first step from nothing; it falls as 1 / √(1 + steps / <see cref="EarlySteps"/>).
    /// Default: 1e-3.
    /// </summary>
    public double EarlyLearningRate { get; init; } = 1e-3;

    /// <summary>The embedding rows' rate at the first step from nothing. Default: 1e-2.</summary>
    public double EarlyRowLearningRate { get; init; } = 1e-2;

    /// <summary>How slowly the early rates fall, steps. Default: 8,000.</summary>
    public int EarlySteps { get; init; } = 8_000;

    /// <summary>Share of values dropped in a step, [0, 1). Default: 0.2.</summary>
    public float Dropout { get; init; } = 0.2f;

    /// <summary>Decides the start, dropout, negatives and what is repeated. Default: 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// The shape of a model from nothing. Default: the next-item model over 32 courses, as many as an example has.
    /// </summary>
    public SequentialConfig Config { get; init; } = new() { MaxLength = 32 };

    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    internal OnlineTrainerOptions Validated()
    {
        Config.Validated();
        Require(Threads is >= 1 and <= 64, nameof(Threads), Threads);
        Require(Share is > 0 and <= 1, nameof(Share), Share);
        Require(PublishEvery > TimeSpan.Zero, nameof(PublishEvery), PublishEvery);
        Require(CheckpointEvery > TimeSpan.Zero, nameof(CheckpointEvery), CheckpointEvery);
        Require(FreezeEvery >= TimeSpan.Zero, nameof(FreezeEvery), FreezeEvery);
        Require(InTime > TimeSpan.Zero, nameof(InTime), InTime);
        Require(HeldOut is >= 0 and <= 0.5, nameof(HeldOut), HeldOut);
        Require(ReplayCapacity >= 1, nameof(ReplayCapacity), ReplayCapacity);
        Require(ReplayRatio is >= 0 and <= 1_000, nameof(ReplayRatio), ReplayRatio);
        Require(MaxPending >= 1, nameof(MaxPending), MaxPending);
        Require(BatchSize is >= 1 and <= 4_096, nameof(BatchSize), BatchSize);
        Require(Negatives >= 1, nameof(Negatives), Negatives);
        Require(LearningRate > 0, nameof(LearningRate), LearningRate);
        Require(RowLearningRate > 0, nameof(RowLearningRate), RowLearningRate);
        Require(EarlyLearningRate > 0, nameof(EarlyLearningRate), EarlyLearningRate);
        Require(EarlyRowLearningRate > 0, nameof(EarlyRowLearningRate), EarlyRowLearningRate);
        Require(Dropout is >= 0 and < 1, nameof(Dropout), Dropout);
        Require(EarlySteps >= 1, nameof(EarlySteps), EarlySteps);
        return this;
    }

    private static void Require(bool holds, string name, object value)
    {
        if (!holds)
            throw new ArgumentException($"The online trainer's {name} can't be {value}.");
    }
}
