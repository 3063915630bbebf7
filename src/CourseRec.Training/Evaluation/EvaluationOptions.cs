namespace CourseRec.Training.Evaluation;

/// <summary>
/// How the negatives of a sampled ranking are drawn; without replacement, never a course of the user's own.
/// </summary>
public enum NegativeSampling
{
    /// <summary>
    /// By how often a course was taken in the training part, as in the BERT4Rec paper; courses never taken are not
    /// drawn.
    /// </summary>
    Popularity,

    /// <summary>Every course alike.</summary>
    Uniform,
}

/// <summary>What is evaluated and how.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The interactions to predict.</summary>
    public EvaluationPart Part { get; init; } = EvaluationPart.Test;

    /// <summary>
    /// The most users judged, spread evenly over all: enough to choose between models, where all would take long.
    /// </summary>
    public int MaxUsers { get; init; } = int.MaxValue;

    /// <summary>Negatives of the sampled ranking; 0 for none.</summary>
    public int SampledNegatives { get; init; }

    /// <summary>How they are drawn.</summary>
    public NegativeSampling Sampling { get; init; } = NegativeSampling.Popularity;

    /// <summary>Seeds them: the same for every model and every number of threads.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads over users, at least 1.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
