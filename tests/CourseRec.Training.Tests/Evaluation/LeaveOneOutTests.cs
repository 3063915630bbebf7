using CourseRec.Models;
using CourseRec.Training.Data;
using CourseRec.Training.Evaluation;
using CourseRec.Training.Tests.Data;

namespace CourseRec.Training.Tests.Evaluation;

public sealed class LeaveOneOutTests
{
    private static readonly LeaveOneOut Split = new(Reading.Read("u a b c d\nv b a\nw d c b\n"));

    [Fact]
    public void The_last_is_the_test_the_one_before_the_validation_and_short_users_only_train()
    {
        Assert.Equal([0, 2], Split.Judged.ToArray());
        Assert.Equal([0, 1], Split.Training(0).ToArray());
        Assert.Equal([1, 0], Split.Training(1).ToArray());
        Assert.Equal([3], Split.Training(2).ToArray());
        Assert.Equal(5, Split.TrainingEvents);
        Assert.Equal([0, 1, 2], Split.History(0, EvaluationPart.Test).ToArray());
        Assert.Equal([0, 1], Split.History(0, EvaluationPart.Validation).ToArray());
        Assert.Equal(3, Split.Target(0, EvaluationPart.Test));
        Assert.Equal(2, Split.Target(0, EvaluationPart.Validation));
        Assert.Equal([2, 2, 0, 1], Split.CountTraining());
    }

    [Fact]
    public void The_baselines_see_the_training_part_alone()
    {
        var (popularity, coVisitation) = TrainedBaselines.Build(Split, 5);
        Assert.Equal([2 / 5f, 2 / 5f, 0, 1 / 5f, 0], Scores(popularity));
        var afterA = Scores(coVisitation, 0);
        Assert.True(afterA[1] > Scores(popularity)[1]);
        Assert.Equal(0, afterA[2]);
    }

    [Theory]
    [InlineData("u a b c\n", "one user; two are the least")]
    [InlineData("u a a\nv a\n", "one course; two are the least")]
    [InlineData("u a b\nv a b\n", "no user with three interactions: one to learn from, one to validate, one to test")]
    public void Too_little_data_is_refused(string text, string lack)
    {
        var split = new LeaveOneOut(Reading.Read(text));
        var error = Assert.Throws<InteractionDataException>(() => split.Validate("some.txt"));
        Assert.Equal($"some.txt has {lack}.", error.Message);
    }

    private static float[] Scores(ICourseScorer scorer, params int[] history)
    {
        var scores = new float[scorer.CourseCount];
        scorer.Score(history, scores);
        return scores;
    }
}
