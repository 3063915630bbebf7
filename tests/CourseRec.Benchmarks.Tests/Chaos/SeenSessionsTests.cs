using CourseRec.Benchmarks.Chaos;

namespace CourseRec.Benchmarks.Tests.Chaos;

public class SeenSessionsTests
{
    private readonly SeenSessions _seen = new();

    [Fact]
    public void An_answer_older_than_what_was_known_before_the_question_is_a_finding()
    {
        _seen.Answered("u", Seen.Nothing, new(7, 3), "a");
        var least = _seen.NewestOf("u");

        _seen.Answered("u", least, new(6, 2), "b");

        Assert.Equal(1, _seen.Stale);
        Assert.Equal(
            ["u: b: offset 6, 2 events, though offset 7, 3 events was known before the question"],
            _seen.Findings
        );
    }

    [Fact]
    public void An_answer_may_be_older_than_one_that_came_after_the_question()
    {
        var least = _seen.NewestOf("u");
        _seen.Answered("u", Seen.Nothing, new(7, 3), "a");

        _seen.Answered("u", least, new(6, 2), "b");

        Assert.Empty(_seen.Findings);
        Assert.Equal(new Seen(7, 3), _seen.NewestOf("u"));
    }

    [Fact]
    public void What_was_pushed_and_what_was_accepted_count_as_known()
    {
        var least = _seen.NewestOf("u").And(new(9, 0)).And(new(long.MinValue, 4));

        _seen.Answered("u", least, new(9, 3), "a");
        _seen.Answered("u", least, new(8, 4), "b");
        _seen.Answered("u", least, new(9, 4), "c");

        Assert.Equal((3, 2), (_seen.Answers, _seen.Stale));
    }
}
