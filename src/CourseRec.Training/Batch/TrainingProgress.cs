using CourseRec.Models.Sequential;

namespace CourseRec.Training.Batch;

/// <summary>Which loss is in use.</summary>
public enum TrainingPhase
{
    /// <summary>Shared sampled negatives.</summary>
    Sampled,

    /// <summary>The softmax over all courses.</summary>
    Full,
}

/// <summary>Where a training stands: reported about once a second and after each validation.</summary>
/// <param name="Epoch">Of the batch just trained, from 1.</param>
/// <param name="Step">Steps so far.</param>
/// <param name="Phase">Which loss is in use.</param>
/// <param name="Loss">Mean over the epoch so far, nats; in the sampled phase it is that of the sampled softmax.</param>
/// <param name="TokensPerSecond">Since the last report, without padding.</param>
/// <param name="Elapsed">Time spent, validation and earlier runs of a resumed training included.</param>
/// <param name="Remaining">Until the time limit or the last epoch at the most; patience may end it sooner.</param>
/// <param name="Metric">The last validation's; null before the first.</param>
/// <param name="Best">The best validation's; null before the first.</param>
/// <param name="Validated">Whether this report follows a validation.</param>
public sealed record TrainingProgress(
    int Epoch,
    long Step,
    TrainingPhase Phase,
    double Loss,
    double TokensPerSecond,
    TimeSpan Elapsed,
    TimeSpan Remaining,
    double? Metric,
    double? Best,
    bool Validated
);

/// <summary>Why a training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs are done.</summary>
    Epochs,

    /// <summary>Validation did not get better any more.</summary>
    Patience,

    /// <summary>The time limit was reached.</summary>
    TimeLimit,
}

/// <summary>What a training gave.</summary>
/// <param name="Parameters">The best on validation, or the last without one; averaged where averages are kept.</param>
/// <param name="Metric">Their validation metric; null without validation.</param>
/// <param name="Epochs">Whole epochs trained.</param>
/// <param name="Steps">Steps made.</param>
/// <param name="Elapsed">Time spent.</param>
/// <param name="End">Why it ended.</param>
public sealed record TrainingOutcome(
    SequentialParameters Parameters,
    double? Metric,
    int Epochs,
    long Steps,
    TimeSpan Elapsed,
    TrainingEnd End
);
