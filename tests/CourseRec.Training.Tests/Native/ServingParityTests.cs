using CourseRec.Models.Sequential;
using CourseRec.Training.Native;

namespace CourseRec.Training.Tests.Native;

public class ServingParityTests
{
    private const int Courses = 300;

    [Theory, MemberData(nameof(GradientTests.Shapes), MemberType = typeof(GradientTests))]
    public void What_was_trained_is_served_with_the_same_scores(
        SequentialObjective objective,
        SequentialBlock block,
        SequenceAnchor anchor
    )
    {
        var config = new SequentialConfig
        {
            Objective = objective,
            Block = block,
            Anchor = anchor,
            MaxLength = 30,
        };
        using var model = TrainingModel.Create(config, Tiny.Ids(Courses), Tiny.Options with { EmaDecay = 0.9f });
        var random = new Random(3);
        for (var i = 0; i < 20; i++)
            model.Step(new(Rows(random, 80), Rows(random, 80), 10), new(1e-2f, 1e-2f, 64));
        var averaged = model.Parameters(averaged: true);
        model.SetParameters(averaged);
        var scorer = new SequentialScorer();
        var served = new float[Courses];

        foreach (var length in new[] { 1, 2, 17, config.MaxHistory })
        {
            var rows = Rows(random, length);
            scorer.Encode(new(averaged, "trained"), [.. rows.Select(row => row - 1)]);
            scorer.ScoreAll(served);

            int[] ids = objective == SequentialObjective.Cloze ? [.. rows, Courses + 1] : rows;
            var expected = model.Scores(ids, ids.Length).AsSpan(1, Courses).ToArray();

            var worst = expected.Zip(served, (e, s) => Math.Abs(e - s) / (1 + Math.Abs(e))).Max();
            Assert.InRange(worst, 0, 2e-5);
        }
    }

    private static int[] Rows(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => random.Next(1, Courses + 1))];
}
