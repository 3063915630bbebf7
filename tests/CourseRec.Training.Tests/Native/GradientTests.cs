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
                AssertClose([.. gradient.Select(g => (double)g)], otherGradient, 3e-6);
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
        AssertClose([.. expected.Select(g => (double)g)], gradient, 1e-5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Tiny.Courses)]
    public void What_comes_later_is_no_wrong_answer(int negatives)
    {
        var batch = Tiny.Batch(SequentialObjective.NextItem); // 1 … 5 to 6, 6 7 to 8, 9 to 1: no course twice
        var options = Tiny.Options with { SpareLater = true };
        using var model = Tiny.Model(options: options);
        using var torch = Tiny.Model(options: options with { Fused = false });

        var (result, gradient) = model.Gradient(batch, negatives);
        var (other, otherGradient) = torch.Gradient(batch, negatives);

        if (negatives == 0) // the sampled loss corrects for the number of all other courses
            Assert.Equal(Plain(model).Loss(batch, CrossEntropyWithoutLater), result.Loss, 1e-5);
        Assert.Equal(result.Loss, other.Loss, 1e-5);
        AssertClose([.. gradient.Select(g => (double)g)], otherGradient, 1e-5);
    }

    [Fact]
    public void Gbce_is_the_calibrated_binary_cross_entropy_and_its_gradient()
    {
        const float calibration = 0.75f;
        var batch = Tiny.Batch(SequentialObjective.NextItem);
        using var model = Tiny.Model();
        using var torch = Tiny.Model(options: Tiny.Options with { Fused = false });

        // All courses are negatives: nothing is left to chance.
        var (result, gradient) = model.Gradient(batch, Tiny.Courses, calibration);
        var (other, otherGradient) = torch.Gradient(batch, Tiny.Courses, calibration);

        Assert.Equal(Plain(model).Loss(batch, BinaryCrossEntropy), result.Loss, 1e-5);
        Assert.Equal(result.Loss, other.Loss, 1e-5);
        AssertClose([.. gradient.Select(g => (double)g)], otherGradient, 1e-5);
    }

    [Fact]
    public void Gbce_calibrates_for_the_number_of_negatives()
    {
        var batch = Tiny.Batch(SequentialObjective.NextItem);
        using var model = Tiny.Model();
        using var torch = Tiny.Model(options: Tiny.Options with { Fused = false });
        foreach (var calibration in new[] { 0, 0.75f, 1 })
        {
            var (result, gradient) = model.Gradient(batch, 4, calibration);
            var (other, otherGradient) = torch.Gradient(batch, 4, calibration);
            Assert.Equal(result.Loss, other.Loss, 1e-5);
            AssertClose([.. gradient.Select(g => (double)g)], otherGradient, 1e-5);
        }
        var (plain, calibrated) = (model.Gradient(batch, 4, 0).Result.Loss, model.Gradient(batch, 4, 1).Result.Loss);
        Assert.True(calibrated < plain, $"{calibrated} is not below {plain}");
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

    private static double CrossEntropyWithoutLater(double[] logits, int label)
    {
        var last = label is >= 2 and <= 6 ? 6 : label;
        if (label == 7)
            last = 8;
        var rivals = Enumerable.Range(1, Tiny.Courses).Where(row => row <= label || row > last);
        return Math.Log(rivals.Sum(row => Math.Exp(logits[row]))) - logits[label];
    }

    /// <summary>With every other course a negative, β = 1 whatever t is.</summary>
    private static double BinaryCrossEntropy(double[] logits, int label) =>
        Enumerable.Range(1, Tiny.Courses).Average(row => Softplus(row == label ? -logits[row] : logits[row]));

    private static double Softplus(double x) => Math.Log(1 + Math.Exp(x));

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
