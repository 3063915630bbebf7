using CourseRec.Models.Sequential;

namespace CourseRec.Training.Native;

/// <summary>
/// A model that learns, in libtorch's memory (native/bert4rec.cpp). Used by one thread at a time. Every method throws
/// <see cref="TrainingException"/> with the native message when libtorch fails; the parameters are then as before.
/// </summary>
public sealed class TrainingModel : IDisposable
{
    private readonly ModelHandle _handle;
    private List<string> _courseIds;

    private TrainingModel(SequentialConfig config, IReadOnlyList<string> courseIds, ModelHandle handle)
    {
        Config = config;
        _courseIds = [.. courseIds];
        _handle = handle;
    }

    /// <summary>The shape.</summary>
    public SequentialConfig Config { get; }

    /// <summary>The vocabulary: row r is course CourseIds[r − 1].</summary>
    public IReadOnlyList<string> CourseIds => _courseIds;

    /// <summary>A model with random parameters.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="courseIds">Its vocabulary.</param>
    /// <param name="options">How it is trained.</param>
    /// <exception cref="TrainingException">This machine can't train, or the device is not there.</exception>
    /// <exception cref="ArgumentException">The shape is not possible.</exception>
    public static TrainingModel Create(
        SequentialConfig config,
        IReadOnlyList<string> courseIds,
        TrainingModelOptions options
    )
    {
        TrainingRuntime.Require();
        var layout = ParameterLayout.Of(config, courseIds.Count);
        Check(NativeMethods.Create(Native(config, courseIds.Count, options), options.Device, out var handle));
        var model = new TrainingModel(config, courseIds, handle);
        Check(NativeMethods.ParameterCount(handle, out var count));
        if (count == layout.Length)
            return model;
        model.Dispose();
        throw new TrainingException($"The native model has {count} parameters; its shape needs {layout.Length}.");
    }

    /// <summary>One optimiser step. A loss or gradient that is not finite changes nothing and throws.</summary>
    public StepResult Step(in TrainingBatch batch, in TrainingStep step)
    {
        batch.Check();
        var native = step.Native(train: true);
        Check(
            NativeMethods.Step(_handle, batch.Ids, batch.Labels, batch.Sequences, batch.Length, native, out var result)
        );
        return StepResult.From(result);
    }

    /// <summary>
    /// The loss and its gradient, in the order of the parameters, without dropout and without an update.
    /// </summary>
    public (StepResult Result, float[] Gradient) Gradient(in TrainingBatch batch, int negatives, float? gbce = null)
    {
        batch.Check();
        var gradient = new float[ParameterLayout.Of(Config, _courseIds.Count).Length];
        var native = new TrainingStep(0, 0, negatives) { Gbce = gbce }.Native(train: false);
        Check(
            NativeMethods.Gradient(
                _handle,
                batch.Ids,
                batch.Labels,
                batch.Sequences,
                batch.Length,
                native,
                gradient,
                out var result
            )
        );
        return (StepResult.From(result), gradient);
    }

    /// <summary>
    /// Logits of all V + 2 rows at the last token of each sequence, without dropout: [sequences, V + 2].
    /// </summary>
    /// <param name="ids">Rows [sequences, length], padded on the left.</param>
    /// <param name="length">Tokens a sequence.</param>
    public float[] Scores(int[] ids, int length)
    {
        var batch = new TrainingBatch(ids, ids, length);
        batch.Check();
        var scores = new float[batch.Sequences * (_courseIds.Count + 2)];
        Check(NativeMethods.Scores(_handle, ids, batch.Sequences, length, scores));
        return scores;
    }

    /// <summary>A copy of the parameters.</summary>
    /// <param name="averaged">Their moving averages, where they are kept: what should be served.</param>
    public SequentialParameters Parameters(bool averaged)
    {
        var values = new float[ParameterLayout.Of(Config, _courseIds.Count).Length];
        Check(NativeMethods.GetParameters(_handle, averaged ? 1 : 0, values, values.Length));
        return new(Config, [.. _courseIds], values);
    }

    /// <summary>Begins anew from given parameters: the optimiser's state and the averages too.</summary>
    /// <exception cref="ArgumentException">They are of another shape or vocabulary.</exception>
    public void SetParameters(SequentialParameters parameters)
    {
        if (parameters.Config != Config || !parameters.CourseIds.SequenceEqual(_courseIds))
            throw new ArgumentException("The parameters are another model's: shape or courses differ.");
        Check(NativeMethods.SetParameters(_handle, parameters.Values, parameters.Values.Length));
    }

    /// <summary>Appends courses to the vocabulary.</summary>
    /// <param name="ids">New ids.</param>
    /// <param name="rows">Their embeddings at the start, [ids, d].</param>
    /// <param name="biases">Their output biases, [ids].</param>
    public void AddCourses(IReadOnlyList<string> ids, ReadOnlySpan<float> rows, ReadOnlySpan<float> biases)
    {
        if (rows.Length != ids.Count * Config.Dimension || biases.Length != ids.Count)
            throw new ArgumentException($"{ids.Count} courses came with {rows.Length} and {biases.Length} values.");
        Check(NativeMethods.AddCourses(_handle, ids.Count, rows, biases));
        _courseIds = [.. _courseIds, .. ids];
    }

    /// <summary>
    /// Everything that training needs to go on bit for bit: parameters, moments, counts, averages, the random state.
    /// </summary>
    public byte[] SaveState()
    {
        Check(NativeMethods.StateSize(_handle, out var size));
        if (size > Array.MaxLength)
            throw new TrainingException($"The training state has {size} bytes, more than one array can hold.");
        var state = new byte[size];
        Check(NativeMethods.SaveState(_handle, state, size));
        return state;
    }

    /// <summary>Goes on from a saved state of a model of this shape.</summary>
    public void LoadState(ReadOnlySpan<byte> state) => Check(NativeMethods.LoadState(_handle, state, state.Length));

    /// <summary>Frees the native memory.</summary>
    public void Dispose() => _handle.Dispose();

    private static void Check(int code)
    {
        if (code != 0)
            throw new TrainingException($"libtorch: {NativeMethods.LastError.ReplaceLineEndings(" ").Trim()}");
    }

    private static NativeConfig Native(SequentialConfig config, int courses, TrainingModelOptions options) =>
        new()
        {
            Objective = (int)config.Objective,
            Block = (int)config.Block,
            Dimension = config.Dimension,
            Layers = config.Layers,
            Heads = config.Heads,
            FeedForward = config.FeedForward,
            MaxLength = config.MaxLength,
            Anchor = (int)config.Anchor,
            Courses = courses,
            Threads = options.Threads,
            RowOptimiser = (int)options.Rows,
            Fused = options.Fused ? 1 : 0,
            SpareLater = options.SpareLater ? 1 : 0,
            Dropout = options.Dropout,
            Beta1 = options.Beta1,
            Beta2 = options.Beta2,
            Epsilon = options.Epsilon,
            WeightDecay = options.WeightDecay,
            ClipNorm = options.ClipNorm,
            EmaDecay = options.EmaDecay,
            InitStd = options.InitStd,
            Seed = options.Seed,
        };
}
