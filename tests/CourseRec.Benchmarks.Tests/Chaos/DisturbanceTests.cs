using System.Globalization;
using CourseRec.Benchmarks.Chaos;
using CourseRec.Benchmarks.Cluster;

namespace CourseRec.Benchmarks.Tests.Chaos;

public class DisturbanceTests
{
    [Fact]
    public void It_lasts_until_the_last_user_who_was_interrupted_gets_a_list_again()
    {
        var seen = Disturbance.Since(
            1000,
            null,
            TimeSpan.Zero,
            0,
            [Seen("steady", 900, 1400, 1900, 2400, 7000), Seen("soon", 1100, 3100, 7000), Seen("late", 1200, 7000)]
        );

        Assert.Equal(3, seen.Interrupted);
        Assert.Equal(TimeSpan.FromSeconds(6), seen.Recovered);
        Assert.Equal((TimeSpan.FromSeconds(5.8), "late"), (seen.LongestGap, seen.Worst));
    }

    [Fact]
    public void Lists_that_keep_coming_are_no_interruption()
    {
        var seen = Disturbance.Since(1000, null, TimeSpan.Zero, 0, [Seen("steady", 1500, 2000, 3000)]);

        Assert.Equal((0, TimeSpan.Zero), (seen.Interrupted, seen.Recovered));
        Assert.Equal(TimeSpan.FromSeconds(1), seen.LongestGap);
    }

    [Fact]
    public void An_offset_goes_back_when_it_does_on_one_connection()
    {
        var user = Seen("u", 1, 2);
        user.See(3, "connected", null);
        user.See(4, "list", "1");
        Assert.Null(user.WentBack);

        user.See(5, "list", "0");
        Assert.Equal("u saw offset 0 after 1 on one connection", user.WentBack);
    }

    /// <summary>A user who got a list at each of these times; its offset is the time.</summary>
    private static WatchedUser Seen(string name, params long[] times)
    {
        var user = new WatchedUser(name);
        foreach (var at in times)
            user.See(at, "list", at.ToString(CultureInfo.InvariantCulture));
        return user;
    }
}
