using CourseRec.Actors.Partitions;

namespace CourseRec.Actors.Tests.Partitions;

public sealed class JudgeWindowTests
{
    private static readonly string[] Names = ["new", "old"];

    [Fact]
    public void Contenders_are_compared_over_the_events_that_all_were_judged_in()
    {
        var window = new JudgeWindow(100);
        for (var i = 0; i < 6; i++)
            window.Add([("old", 1)]);
        for (var i = 0; i < 4; i++)
            window.Add([("new", 1), ("old", double.PositiveInfinity)]);
        Assert.Equal([new("new", 4, 1, 1, 1), new("old", 4, 0, 0, 0)], window.Read(Names));
        Assert.Equal([new("old", 10, 0.6, 0.6, 0.6)], window.Read(["old"]));
    }

    [Fact]
    public void A_contender_that_came_lately_has_no_figures_as_yet_and_takes_none_from_the_others()
    {
        var window = new JudgeWindow(100);
        for (var i = 0; i < 20; i++)
            window.Add([("old", 2)]);
        window.Add([("new", 1), ("old", 1)]);
        var quality = window.Read(Names);
        Assert.Equal(new("new", 1, double.NaN, double.NaN, double.NaN), quality[0]);
        Assert.Equal(21, quality[1].Events);
        Assert.Equal((20 * 0.5 + 1) / 21, quality[1].ReciprocalRank, 12);
    }

    [Fact]
    public void Only_the_last_events_count()
    {
        var window = new JudgeWindow(2);
        window.Add([("old", 1)]);
        window.Add([("old", double.PositiveInfinity)]);
        window.Add([("old", double.PositiveInfinity)]);
        Assert.Equal([new("old", 2, 0, 0, 0)], window.Read(["old"]));
    }

    [Fact]
    public void Before_the_first_event_there_are_none()
    {
        Assert.Equal([new("new", 0, 0, 0, 0), new("old", 0, 0, 0, 0)], new JudgeWindow(2).Read(Names));
    }
}
