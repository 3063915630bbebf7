using CourseRec.Actors.Learning;
using CourseRec.Benchmarks.Online.Analysis;
using CourseRec.Benchmarks.Online.Live;

namespace CourseRec.Benchmarks.Tests.Online;

public sealed class StreamAnalysisTests
{
    private readonly JudgedEvents _judged = new();

    [Fact]
    public void The_last_part_is_averaged_by_contender_over_the_events_that_it_judged()
    {
        Judge(user: 1, course: 0, ("online", 7), ("popularity", 1));
        Judge(user: 1, course: 1, ("online", 1), ("frozen", double.PositiveInfinity), ("popularity", 11));
        Judge(user: 2, course: 2, ("online", 3), ("frozen", 3), ("popularity", 11));
        Judge(user: 2, course: 2, ("online", 1), ("popularity", 11));
        var last = new StreamAnalysis(_judged, lastFrom: 1, seed: 1).LastPart();
        Assert.Equal([new("online", 3, 2.5 / 3, 1), new("frozen", 2, 0.25, 0.5), new("popularity", 3, 0, 0)], last);
    }

    [Fact]
    public void Two_contenders_are_compared_on_what_both_judged_and_on_the_courses_that_count()
    {
        Judge(user: 1, course: 0, ("online", 1), ("frozen", 3));
        Judge(user: 1, course: 1, ("online", 1), ("frozen", double.PositiveInfinity));
        Judge(user: 2, course: 0, ("online", 3));
        var analysis = new StreamAnalysis(_judged, lastFrom: 0, seed: 1);
        var all = analysis.Compare("online", "frozen")!;
        Assert.Equal((2, 1, 1.0, 0.25, 3.0), (all.Events, all.Users, all.Mine, all.Theirs, all.Relative));
        var known = analysis.Compare("online", "frozen", course => course == 0)!;
        Assert.Equal((1, 1.0, 0.5), (known.Events, known.Mine, known.Theirs));
        Assert.Null(analysis.Compare("online", "nobody"));
    }

    [Fact]
    public void The_curve_has_windows_of_equal_size_and_a_contender_where_it_took_part()
    {
        for (var i = 0; i < 150; i++)
            if (i < 100)
                Judge(user: (ulong)i, course: 0, ("online", i < 50 ? 3 : 1));
            else
                Judge(user: (ulong)i, course: 0, ("online", 1), ("frozen", 11));
        var curve = new StreamAnalysis(_judged, lastFrom: 0, seed: 1).Curve();
        Assert.Equal([25, 75, 125], curve.Select(point => point.Event));
        Assert.Equal([0.5, 1, 1], curve.Select(point => point.Ndcg10["online"]));
        Assert.Equal([false, false, true], curve.Select(point => point.Ndcg10.ContainsKey("frozen")));
    }

    private void Judge(ulong user, int course, params (string, double)[] ranks) =>
        _judged.Judged(new JudgedEvent(user, course, Time: 0, ranks));
}
