using CourseRec.Models.Sequential;
using CourseRec.Training.Native;

namespace CourseRec.Training.Tests.Native;

/// <summary>Small models and batches.</summary>
internal static class Tiny
{
    public const int Courses = 9;

    public static SequentialConfig Config(
        SequentialObjective objective = SequentialObjective.NextItem,
        SequentialBlock block = SequentialBlock.Gated,
        SequenceAnchor anchor = SequenceAnchor.End
    ) =>
        new()
        {
            Objective = objective,
            Block = block,
            Anchor = anchor,
            Dimension = 32,
            FeedForward = 16,
            MaxLength = 6,
        };

    public static string[] Ids(int count = Courses) => [.. Enumerable.Range(1, count).Select(i => $"c{i}")];

    public static TrainingModelOptions Options { get; } =
        new()
        {
            Device = "cpu",
            Dropout = 0,
            InitStd = 0.3f,
            EmaDecay = 0,
        };

    public static TrainingModel Model(SequentialConfig? config = null, TrainingModelOptions? options = null) =>
        TrainingModel.Create(config ?? Config(), Ids(), options ?? Options);

    /// <summary>Three sequences of 5, 3 and 1 tokens; 10 is the mask.</summary>
    public static TrainingBatch Batch(SequentialObjective objective) =>
        objective == SequentialObjective.NextItem
            ? new([1, 2, 3, 4, 5, 0, 0, 6, 7, 8, 0, 0, 0, 0, 9], [2, 3, 4, 5, 6, 0, 0, 7, 8, 0, 0, 0, 0, 0, 1], 5)
            : new([1, 10, 3, 4, 10, 0, 0, 6, 10, 8, 0, 0, 0, 0, 10], [0, 2, 0, 0, 5, 0, 0, 0, 7, 0, 0, 0, 0, 0, 9], 5);
}
