using CourseRec.Training.Online;
using Microsoft.Extensions.Time.Testing;

namespace CourseRec.Training.Tests.Online;

public class FreshnessTests
{
    private const long Now = 1_700_000_000_000;
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(Now));

    [Fact]
    public void Percentiles_and_coverage_follow_what_was_served_and_lost()
    {
        var freshness = new Freshness(_clock, TimeSpan.FromSeconds(10));
        Assert.Equal((1.0, null), (freshness.Coverage, freshness.Percentiles()));

        freshness.Served([.. Enumerable.Range(1, 99).Select(i => Now - i * 100), Now - 11_000]);
        freshness.Lost(100);

        Assert.Equal((5_100, 9_900), freshness.Percentiles());
        Assert.Equal(0.495, freshness.Coverage, 6);
    }

    [Fact]
    public void An_event_from_a_clock_ahead_is_not_fresher_than_now()
    {
        var freshness = new Freshness(_clock, TimeSpan.FromSeconds(10));

        freshness.Served([Now + 500]);

        Assert.Equal((0, 0), freshness.Percentiles());
    }
}
