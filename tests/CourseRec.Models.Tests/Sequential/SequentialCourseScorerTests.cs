using CourseRec.Models.Catalogue;
using CourseRec.Models.Sequential;

namespace CourseRec.Models.Tests.Sequential;

public sealed class SequentialCourseScorerTests
{
    private static readonly SequentialConfig Config = Models.Tiny with { Dimension = 32, MaxLength = 30 };

    private static readonly SequentialModel Model = new(Models.Random(Config, 40), "v7");

    [Fact]
    public void Scores_stand_at_the_indices_of_the_process()
    {
        var courses = Index("new", "course-39", "course-0", "other");
        var scorer = new SequentialCourseScorer("sequential", Model, courses);
        Assert.Equal(("sequential", "v7", 42), (scorer.Name, scorer.Version, scorer.CourseCount));

        var plain = new SequentialScorer();
        plain.Encode(Model, [39, 0]);
        var scores = new float[scorer.CourseCount];
        scorer.Score([1, 0, 2, -1, 99], scores);
        for (var course = 0; course < 40; course++)
            Assert.Equal(plain.Score(0, course), scores[courses.Find($"course-{course}")]);
    }

    [Fact]
    public void Courses_that_the_model_does_not_know_come_last_and_stay_finite()
    {
        var scorer = new SequentialCourseScorer("sequential", Model, Index("new", "course-39", "other"));
        var scores = new float[scorer.CourseCount];
        scorer.Score([1], scores);
        Assert.Equal([0, 2], Enumerable.Range(0, scores.Length).Where(course => !scorer.Knows(course)));
        var lowest = Enumerable.Range(0, scores.Length).Where(scorer.Knows).Min(course => scores[course]);
        Assert.Equal(lowest - 1, scores[0]);
        Assert.Equal(lowest - 1, scores[2]);
    }

    [Fact]
    public void A_course_that_came_after_the_snapshot_is_neither_scored_nor_explained()
    {
        var courses = Index();
        var scorer = new SequentialCourseScorer("sequential", Model, courses);
        var late = courses.GetOrAdd("late");
        Assert.Equal(late, scorer.CourseCount);
        Assert.Equal(-1, scorer.Explain([0, 1], late));
        Assert.Equal(-1, scorer.Explain([late], 3));
    }

    [Fact]
    public void The_reason_is_the_course_without_which_the_score_falls_most()
    {
        var courses = Index("unknown");
        var scorer = new SequentialCourseScorer("sequential", Model, courses);
        var random = new Random(4);
        for (var trial = 0; trial < 30; trial++)
        {
            int[] history = [.. Enumerable.Range(0, 1 + trial).Select(_ => random.Next(0, 41))];
            for (var course = 1; course < 41; course += 13)
                Assert.Equal(SlowReason(history, course), scorer.Explain(history, course));
        }
    }

    private static int SlowReason(int[] history, int course)
    {
        int[] seen = [.. history.Where(c => c > 0).TakeLast(20)];
        var plain = new SequentialScorer();
        float Without(int left)
        {
            plain.Encode(Model, [.. seen.Where(c => c != left).Select(c => c - 1)]);
            return plain.Score(0, course - 1);
        }
        var reason = seen.Length == 0 ? -1 : seen.Distinct().MinBy(Without);
        return seen.Length > 0 && Without(reason) < Without(-1) ? reason : -1;
    }

    private static CourseIndex Index(params string[] ids)
    {
        var courses = new CourseIndex();
        foreach (var id in ids)
            courses.GetOrAdd(id);
        return courses;
    }
}
