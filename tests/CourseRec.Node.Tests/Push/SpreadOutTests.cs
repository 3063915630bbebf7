using System.Collections.Concurrent;
using System.Diagnostics;
using CourseRec.Node.Push;

namespace CourseRec.Node.Tests.Push;

public sealed class SpreadOutTests
{
    private readonly ConcurrentQueue<int> _done = [];

    [Fact]
    public async Task All_who_bring_some_share_one_pace()
    {
        var spread = Spread(perSecond: 1_000, TimeSpan.FromSeconds(10));
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(
            Enumerable.Range(0, 4).Select(i => spread.DoAsync(Enumerable.Range(i * 100, 100), CancellationToken.None))
        );
        // The first slice goes at once: 400 take seven slices more.
        Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(330), $"{watch.Elapsed}");
        Assert.Equal(Enumerable.Range(0, 400), _done.Order());
    }

    [Fact]
    public async Task More_than_can_be_done_in_the_longest_time_go_faster()
    {
        var spread = Spread(perSecond: 20, TimeSpan.FromMilliseconds(200));
        var watch = Stopwatch.StartNew();
        await spread.DoAsync(Enumerable.Range(0, 1_000), CancellationToken.None);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
        Assert.Equal(1_000, _done.Count);
    }

    [Fact]
    public async Task Afterwards_more_can_be_brought()
    {
        var spread = Spread(perSecond: 1_000, TimeSpan.FromSeconds(10));
        await spread.DoAsync([], CancellationToken.None);
        await spread.DoAsync([1], CancellationToken.None);
        await spread.DoAsync([2], CancellationToken.None);
        Assert.Equal([1, 2], _done);
    }

    private SpreadOut<int> Spread(int perSecond, TimeSpan longest) =>
        new(_done.Enqueue, perSecond, longest, TimeProvider.System);
}
