using CourseRec.Models.Sequential;
using CourseRec.Training.Evaluation;

namespace CourseRec.Training.Tests.Evaluation;

public sealed class SequentialContenderTests
{
    private static readonly SequentialModel Model = RandomModel(["a", "b", "c", "d"]);

    [Fact]
    public void Courses_are_matched_by_id_and_those_that_the_model_alone_knows_come_after()
    {
        var contender = new SequentialContender(Model, ["c", "new", "a"]);
        Assert.Equal((5, 2), (contender.CourseCount, contender.KnownCourses));
        var own = Own(0, 2);
        Assert.Equal([own[2], float.NegativeInfinity, own[0], own[1], own[3]], Scores(contender, 2, 1, 0));
    }

    [Fact]
    public void Threads_do_not_disturb_each_other()
    {
        var contender = new SequentialContender(Model, ["a", "b", "c", "d"]);
        Parallel.For(0, 400, i => Assert.Equal(Own(i % 4, i % 3), Scores(contender, i % 4, i % 3)));
    }

    [Fact]
    public void A_score_is_explained_by_the_course_without_which_it_falls_most()
    {
        var contender = new SequentialContender(Model, ["a", "b", "c", "d", "new"]);
        int[] history = [0, 2, 1];
        for (var course = 0; course < 4; course++)
        {
            var all = Own(history)[course];
            var falls = history.Select(one => all - Own([.. history.Where(c => c != one)])[course]).ToList();
            var expected = falls.Max() > 0 ? history[falls.IndexOf(falls.Max())] : -1;
            Assert.Equal(expected, contender.Explain(history, course));
        }
        Assert.Equal(-1, contender.Explain(history, 4));
    }

    private static float[] Own(params int[] history)
    {
        var scorer = new SequentialScorer();
        scorer.Encode(Model, history);
        var scores = new float[Model.CourseCount];
        scorer.ScoreAll(0, scores);
        return scores;
    }

    private static float[] Scores(SequentialContender contender, params int[] history)
    {
        var scores = new float[contender.CourseCount];
        contender.Score(history, scores);
        return scores;
    }

    private static SequentialModel RandomModel(string[] courses)
    {
        var config = new SequentialConfig
        {
            Dimension = 32,
            FeedForward = 32,
            MaxLength = 8,
        };
        var random = new Random(1);
        var values = new float[ParameterLayout.Of(config, courses.Length).Length];
        foreach (ref var value in values.AsSpan())
            value = random.NextSingle() - 0.5f;
        return new(new(config, courses, values), "random");
    }
}
