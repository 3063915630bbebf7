using CourseRec.Models.Sequential;
using CourseRec.Training.Native;

namespace CourseRec.Training.Tests.Native;

public class GradientTests
{
    public static TheoryData<SequentialObjective, SequentialBlock, SequenceAnchor> Shapes =>
        new()
        {
            { SequentialObjective.NextItem, SequentialBlock.Gated, SequenceAnchor.End },
            { SequentialObjective.NextItem, SequentialBlock.Plain, SequenceAnchor.Start },
            { SequentialObjective.Cloze, SequentialBlock.Gated, SequenceAnchor.Start },
            { SequentialObjective.Cloze, SequentialBlock.Plain, SequenceAnchor.End },
        };

    [Theory, MemberData(nameof(Shapes))]
    public void Scores_agree_with_the_model_written_down_plainly(
        SequentialObjective objective,
        SequentialBlock block,
        SequenceAnchor anchor
    )
    {
        var config = Tiny.Config(objective, block, anchor);
        using var model = Tiny.Model(config);
        int[] ids = [0, 0, 3, 1, 4, 1, 5, 9, 2, 6];

        var scores = model.Scores(ids, 5);

        var plain = Plain(model);
        double[] expected = [.. plain.Scores(ids.AsSpan(..5)), .. plain.Scores(ids.AsSpan(5..))];
        AssertClose(expected, scores, 1e-5);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Loss_and_gradient_agree_with_finite_differences_in_double_precision(
        SequentialObjective objective,
        SequentialBlock block,
        SequenceAnchor anchor
    )
    {
        using var model = Tiny.Model(Tiny.Config(objective, block, anchor));
        var batch = Tiny.Batch(objective);

        var (result, gradient) = model.Gradient(batch, negatives: 0);

        var values = Values(model);
        var layout = model.Parameters(false).Layout;
        Assert.Equal(new PlainModel(model.Config, Tiny.Courses, values).Loss(batch), result.Loss, 1e-5);
        foreach (var tensor in layout.Tensors)
            for (var k = 0; k < 4; k++)
            {
                var at = tensor.Offset + tensor.Length * (2 * k + 1) / 8;
                var expected = Difference(model.Config, values, batch, at);
                Assert.True(
                    Math.Abs(expected - gradient[at]) < 1e-5 + 1e-3 * Math.Abs(expected),
                    $"{tensor.Name}[{at - tensor.Offset}]: {gradient[at]} instead of {expected}"
                );
            }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void The_handwritten_kernels_and_torchs_operations_give_one_gradient(
        SequentialObjective objective,
        SequentialBlock block,
        SequenceAnchor anchor
    )
    {
        var config = Tiny.Config(objective, block, anchor);
        using var fused = Tiny.Model(config);
        using var plain = Tiny.Model(config, Tiny.Options with { Fused = false });
        using var threads = Tiny.Model(config, Tiny.Options with { Threads = 2 });
        foreach (var negatives in new[] { 0, 4 })
        {
            var (result, gradient) = fused.Gradient(Tiny.Batch(objective), negatives);
            foreach (var other in new[] { plain, threads })
            {
                var (otherResult, otherGradient) = other.Gradient(Tiny.Batch(objective), negatives);
                Assert.Equal(result.Loss, otherResult.Loss, 1e-5);
                AssertClose([.. gradient.Select(g => (double)g)], otherGradient, 1e-6);
            }
        }
    }

    [Fact]
    public void Sampling_every_course_is_the_full_softmax()
    {
        using var model = Tiny.Model();
        var batch = Tiny.Batch(SequentialObjective.NextItem);

        var (full, expected) = model.Gradient(batch, negatives: 0);
        var (sampled, gradient) = model.Gradient(batch, negatives: Tiny.Courses);

        Assert.Equal(full.Loss, sampled.Loss, 1e-5);
        AssertClose([.. expected.Select(g => (double)g)], gradient, 1e-6);
    }

    [Fact]
    public void The_correction_keeps_the_sampled_loss_near_the_full_one()
    {
        var batch = Tiny.Batch(SequentialObjective.NextItem);
        var losses = new List<double>();
        double full = 0;
        for (ulong seed = 1; seed <= 200; seed++)
        {
            using var model = Tiny.Model(options: Tiny.Options with { Seed = seed });
            full += model.Gradient(batch, 0).Result.Loss / 200;
            losses.Add(model.Gradient(batch, 5).Result.Loss);
        }
        Assert.Equal(full, losses.Average(), 0.1);
    }

    private static double Difference(SequentialConfig config, double[] values, TrainingBatch batch, int at)
    {
        const double step = 1e-4;
        var moved = (double[])values.Clone();
        moved[at] = values[at] + step;
        var up = new PlainModel(config, Tiny.Courses, moved).Loss(batch);
        moved[at] = values[at] - step;
        var down = new PlainModel(config, Tiny.Courses, moved).Loss(batch);
        return (up - down) / (2 * step);
    }

    private static PlainModel Plain(TrainingModel model) => new(model.Config, Tiny.Courses, Values(model));

    private static double[] Values(TrainingModel model) => [.. model.Parameters(false).Values.Select(v => (double)v)];

    private static void AssertClose(double[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - actual[i]) < tolerance + tolerance * Math.Abs(expected[i]),
                $"value {i}: {actual[i]} instead of {expected[i]}"
            );
    }
}
