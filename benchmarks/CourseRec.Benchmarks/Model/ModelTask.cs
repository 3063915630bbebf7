using CourseRec.Models.Sequential;
using CourseRec.Training.Native;

namespace CourseRec.Benchmarks.Model;

/// <summary>
/// One shape of the model with random weights, and what it is asked and taught: the same for CourseRec and for
/// PyTorch.
/// </summary>
internal sealed class ModelTask
{
    /// <summary>L.</summary>
    public const int Length = 50;

    /// <summary>Sequences of a training step.</summary>
    public const int BatchSize = 64;

    /// <summary>Examples of an online step.</summary>
    public const int OnlineExamples = 8;

    /// <summary>Tokens of an online example.</summary>
    public const int OnlineLength = 32;

    private const int Queries = 64;
    private const int Taken = 20;
    private const int Batches = 4;

    private readonly Random _random = new(20);

    /// <param name="name">As it is reported.</param>
    /// <param name="shape">Its length is set to L.</param>
    /// <param name="courses">V.</param>
    public ModelTask(string name, SequentialConfig shape, int courses)
    {
        (Name, Courses) = (name, courses);
        Shape = shape with { MaxLength = Length };
        Parameters = new(
            Shape,
            [.. Enumerable.Range(1, Courses).Select(i => $"c{i}")],
            new float[ParameterLayout.Of(Shape, Courses).Length]
        );
        Draw(Parameters);
        Histories = [.. Enumerable.Range(0, Queries).Select(_ => Some(Shape.MaxHistory, Courses))];
        Excluded = [.. Histories.Select(history => (int[])[.. history, .. Some(Taken, Courses)])];
        Training = [.. Enumerable.Range(0, Batches).Select(_ => TrainingBatch())];
        Online = [.. Enumerable.Range(0, Batches).Select(_ => OnlineBatch())];
    }

    /// <summary>Both shapes that CourseRec trains by default.</summary>
    /// <param name="courses">V.</param>
    public static IEnumerable<ModelTask> All(int courses) =>
        [new("next-item, gated", new(), courses), new("cloze, plain (BERT4Rec)", SequentialConfig.Bert4Rec, courses)];

    /// <summary>As it is reported.</summary>
    public string Name { get; }

    /// <summary>V.</summary>
    public int Courses { get; }

    /// <summary>The shape.</summary>
    public SequentialConfig Shape { get; }

    /// <summary>The weights.</summary>
    public SequentialParameters Parameters { get; }

    /// <summary>Full histories, courses 0 … V − 1.</summary>
    public int[][] Histories { get; }

    /// <summary>Courses that must not be recommended: each history's own and some others.</summary>
    public int[][] Excluded { get; }

    /// <summary>
    /// Sequences of half to all of L, every place a target (next-item) or a fifth of them masked (cloze).
    /// </summary>
    public TrainingBatch[] Training { get; }

    /// <summary>Fresh examples: one to three targets at the end of each context.</summary>
    public TrainingBatch[] Online { get; }

    private bool Cloze => Shape.Objective == SequentialObjective.Cloze;

    /// <summary>The tokens of a history as the model reads it.</summary>
    public IEnumerable<int> Tokens(int[] history)
    {
        var rows = history.Select(course => course + 1);
        return Cloze ? rows.Append(Courses + 1) : rows;
    }

    private void Draw(SequentialParameters parameters)
    {
        foreach (var tensor in parameters.Layout.Tensors)
        {
            var norm = tensor.Name.Contains("norm", StringComparison.OrdinalIgnoreCase);
            var centre = norm && tensor.Name.EndsWith(".weight", StringComparison.Ordinal) ? 1f : 0f;
            foreach (ref var value in parameters[tensor.Name])
                value = centre + 0.1f * Normal();
        }
        parameters["item"][..Shape.Dimension].Clear();
    }

    private float Normal() =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));

    private int[] Some(int count, int below) => [.. Enumerable.Range(0, count).Select(_ => _random.Next(below))];

    private TrainingBatch TrainingBatch()
    {
        var batch = new TrainingBatch(new int[BatchSize * Length], new int[BatchSize * Length], Length);
        for (var sequence = 0; sequence < BatchSize; sequence++)
        for (var t = _random.Next(Length / 2 + 1); t < Length; t++)
            if (!Cloze || t == Length - 1 || _random.NextDouble() < 0.2)
                Target(batch, sequence * Length + t);
            else
                batch.Ids[sequence * Length + t] = Course();
        return batch;
    }

    private TrainingBatch OnlineBatch()
    {
        var size = OnlineExamples * OnlineLength;
        var batch = new TrainingBatch(new int[size], new int[size], OnlineLength);
        for (var i = 0; i < size; i++)
            if (i % OnlineLength >= OnlineLength - 1 - i / OnlineLength % 3)
                Target(batch, i);
            else
                batch.Ids[i] = Course();
        return batch;
    }

    private void Target(TrainingBatch batch, int place) =>
        (batch.Ids[place], batch.Labels[place]) = (Cloze ? Courses + 1 : Course(), Course());

    private int Course() => 1 + _random.Next(Courses);
}
