namespace CourseRec.Training.Native;

/// <summary>How the embedding rows that a step touches are updated.</summary>
public enum RowOptimiser
{
    /// <summary>Adam whose moments and count stand still while a row is not touched: for training in batches.</summary>
    LazyAdam,

    /// <summary>A row-wise scale (RMS of the row's gradients) without momentum: for learning online.</summary>
    RowRms,
}

/// <summary>How a model is trained: everything but its shape.</summary>
public sealed record TrainingModelOptions
{
    /// <summary>auto (CUDA when there is one), cpu or cuda:N. Default: auto.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>
    /// Gradient threads on a CPU, each with its share of a batch; 1 to 64. Results depend on it in the last bits.
    /// Default: 1.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>How touched rows are updated. Default: lazy Adam.</summary>
    public RowOptimiser Rows { get; init; } = RowOptimiser.LazyAdam;

    /// <summary>Share of values dropped, [0, 1). Default: 0.1.</summary>
    public float Dropout { get; init; } = 0.1f;

    /// <summary>Adam's decay of the first moment. Default: 0.9.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>Adam's decay of the second moment. Default: 0.999.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Adam's epsilon. Default: 1e-8.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>
    /// Decoupled weight decay of the dense matrices; embedding rows, biases and norms have none. Default: 0.
    /// </summary>
    public float WeightDecay { get; init; }

    /// <summary>The gradient's largest norm; 0 for no limit. Default: 5.</summary>
    public float ClipNorm { get; init; } = 5f;

    /// <summary>Decay a step of the averaged parameters, [0, 1), warmed up; 0 keeps none. Default: 0.999.</summary>
    public float EmaDecay { get; init; } = 0.999f;

    /// <summary>
    /// Whether the courses that come later in a sequence are left out of the wrong answers of its targets: they are
    /// right ones, only not yet. Default: false.
    /// </summary>
    public bool SpareLater { get; init; }

    /// <summary>
    /// Standard deviation of the linear weights at the start; embeddings begin with 0.02. Default: 0.02.
    /// </summary>
    public float InitStd { get; init; } = 0.02f;

    /// <summary>Decides the start, dropout and the negatives.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// Whether the hand-written kernels are used on a CPU; off, torch's own operations do the same. Default: true.
    /// </summary>
    public bool Fused { get; init; } = true;
}
