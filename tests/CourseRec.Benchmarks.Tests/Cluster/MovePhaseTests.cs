using System.Globalization;
using CourseRec.Benchmarks.Cluster.Move;

namespace CourseRec.Benchmarks.Tests.Cluster;

public class MovePhaseTests
{
    [Fact]
    public void The_last_user_is_served_again_when_the_last_event_that_waited_is_seen()
    {
        var (quick, late, other) = (Seen("quick", 1, 1100), Seen("late", 1, 2900), Seen("other", 1, 1020));

        var phase = MovePhase.Of(
            "a node leaves",
            began: 1000,
            [new(quick, 1050, 1), new(late, 1400, 1), new(other, 1000, 1)],
            [quick, late, other],
            user => user != "other",
            refused: 0,
            nodeSeconds: 0
        );

        Assert.Equal((2, 0, 1.9), (phase.Moved, phase.Reconnects, phase.ServedAgain));
        Assert.Equal(1500, phase.PushOfMoved.Max);
        Assert.Equal(20, phase.PushOfOthers.Max);
    }

    [Fact]
    public void A_socket_that_ends_is_a_reconnect()
    {
        var user = Seen("u", 1, 1100);
        user.See(1200, "reconnecting", null);
        user.See(1300, "connected", null);
        user.See(1310, "list", "1100");

        var phase = MovePhase.Of("nothing", 1000, [new(user, 1050, 1)], [user], _ => false, 0, 0);

        Assert.Equal((0, 1, 0), (phase.Moved, phase.Reconnects, phase.ServedAgain));
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
