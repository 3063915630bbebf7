using CourseRec.Node.Push;
using Microsoft.Extensions.Time.Testing;

namespace CourseRec.Node.Tests.Push;

public sealed class PushWindowTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Percentiles_are_within_five_percent()
    {
        var window = new PushWindow(_clock);
        for (var ms = 1; ms <= 100; ms++)
            window.Add(ms);
        var (count, p50, p99) = window.Read();
        Assert.Equal(100, count);
        Assert.InRange(p50!.Value, 50, 52.5);
        Assert.InRange(p99!.Value, 99, 104);
    }

    [Fact]
    public void A_push_is_forgotten_after_sixty_seconds()
    {
        var window = new PushWindow(_clock);
        window.Add(5);
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, window.Read().Count);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((0L, (double?)null, (double?)null), window.Read());
    }
}
