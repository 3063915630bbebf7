using CourseRec.Benchmarks.Online.Analysis;

namespace CourseRec.Benchmarks.Tests.Online;

public sealed class PairedBootstrapTests
{
    [Fact]
    public void When_every_user_gains_alike_the_interval_is_a_point()
    {
        var found = PairedBootstrap.Compare(Enumerable.Range(0, 50).Select(i => ((ulong)i % 10, 0.6, 0.5)), seed: 1);
        Assert.Equal((50, 10), (found.Events, found.Users));
        Assert.Equal((0.6, 0.5), (Math.Round(found.Mine, 12), Math.Round(found.Theirs, 12)));
        Assert.All([found.Relative, found.Low, found.High], share => Assert.Equal(0.2, share, 12));
    }

    [Fact]
    public void The_interval_is_that_of_the_normal_approximation()
    {
        // 2,000 users with one event each: theirs is 1, mine 1.3 or 0.9 in turn. The mean of mine is 1.1 with a
        // standard error of 0.2 / √2000.
        var pairs = Enumerable.Range(0, 2_000).Select(i => ((ulong)i, i % 2 == 0 ? 1.3 : 0.9, 1.0));
        var found = PairedBootstrap.Compare(pairs, seed: 7);
        var half = 1.96 * 0.2 / Math.Sqrt(2_000);
        Assert.Equal(0.1, found.Relative, 12);
        Assert.InRange(found.Low, 0.1 - 1.1 * half, 0.1 - 0.9 * half);
        Assert.InRange(found.High, 0.1 + 0.9 * half, 0.1 + 1.1 * half);
    }

    [Fact]
    public void Users_are_drawn_whole()
    {
        // Two users with a thousand equal events each are two observations, not two thousand.
        var pairs = Enumerable.Range(0, 2_000).Select(i => (i % 2 == 0 ? 1UL : 2UL, i % 2 == 0 ? 1.5 : 0.5, 1.0));
        var found = PairedBootstrap.Compare(pairs, seed: 1);
        Assert.Equal((-0.5, 0.0, 0.5), (found.Low, found.Relative, found.High));
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval_and_no_events_give_none()
    {
        var random = new Random(3);
        var pairs = Enumerable
            .Range(0, 300)
            .Select(i => ((ulong)i / 3, random.NextDouble(), random.NextDouble()))
            .ToArray();
        Assert.Equal(PairedBootstrap.Compare(pairs, seed: 1), PairedBootstrap.Compare(pairs, seed: 1));
        Assert.NotEqual(PairedBootstrap.Compare(pairs, seed: 1).Low, PairedBootstrap.Compare(pairs, seed: 2).Low);
        Assert.Equal(0, PairedBootstrap.Compare([], seed: 1).Events);
        Assert.Equal(double.NaN, PairedBootstrap.Compare([], seed: 1).Relative);
    }
}
