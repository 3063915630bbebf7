namespace CourseRec.Training.Native;

/// <summary>The settings of one step.</summary>
/// <param name="LearningRate">Of the dense part.</param>
/// <param name="RowLearningRate">Of the embedding rows and biases.</param>
/// <param name="Negatives">Courses drawn for the whole batch, with the log((N − 1)/K) correction; 0 for the full
/// softmax.</param>
public readonly record struct TrainingStep(float LearningRate, float RowLearningRate, int Negatives)
{
    /// <summary>
    /// With negatives: the calibration t of gBCE, 0 (plain binary cross-entropy) to 1; null: the sampled softmax.
    /// </summary>
    public float? Gbce { get; init; }

    internal NativeStep Native(bool train) =>
        new()
        {
            LearningRate = LearningRate,
            RowLearningRate = RowLearningRate,
            Negatives = Negatives,
            Train = train ? 1 : 0,
            Gbce = Gbce ?? -1,
        };
}

/// <summary>What a step saw.</summary>
/// <param name="Loss">Mean cross-entropy of a target before the update, nats.</param>
/// <param name="GradientNorm">Before clipping.</param>
/// <param name="Step">Steps made so far.</param>
/// <param name="Targets">Places that had a label.</param>
/// <param name="Tokens">Places that were not padding.</param>
/// <param name="Rows">Embedding rows that had a gradient.</param>
public readonly record struct StepResult(
    double Loss,
    double GradientNorm,
    long Step,
    long Targets,
    long Tokens,
    long Rows
)
{
    internal static StepResult From(in NativeResult r) =>
        new(r.Loss, r.GradientNorm, r.Step, r.Targets, r.Tokens, r.Rows);
}
