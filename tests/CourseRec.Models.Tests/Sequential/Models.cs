using CourseRec.Models.Sequential;

namespace CourseRec.Models.Tests.Sequential;

/// <summary>Small models with seeded weights.</summary>
internal static class Models
{
    public static SequentialConfig Tiny { get; } =
        new()
        {
            Dimension = 16,
            Heads = 1,
            Layers = 1,
            FeedForward = 16,
            MaxLength = 4,
        };

    /// <summary>Weights of a size at which every part of the model matters.</summary>
    public static SequentialParameters Random(SequentialConfig config, int courses, int seed = 1)
    {
        var random = new Random(seed);
        var layout = ParameterLayout.Of(config, courses);
        var values = new float[layout.Length];
        foreach (var tensor in layout.Tensors)
        foreach (ref var value in values.AsSpan(tensor.Offset, tensor.Length))
            value = Draw(random, tensor);
        values.AsSpan(0, config.Dimension).Clear();
        return new(config, [.. Enumerable.Range(0, courses).Select(i => $"course-{i}")], values);
    }

    private static float Draw(Random random, ParameterTensor tensor) =>
        tensor.Rows > 1 && tensor.Columns > 1 ? Normal(random) / MathF.Sqrt(tensor.Columns)
        : tensor.Name.Contains("norm", StringComparison.OrdinalIgnoreCase) && tensor.Name.EndsWith("weight")
            ? 1 + 0.3f * Normal(random)
        : 0.25f * Normal(random);

    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
