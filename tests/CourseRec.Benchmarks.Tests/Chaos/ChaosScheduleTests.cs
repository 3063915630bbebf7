using CourseRec.Benchmarks.Chaos;

namespace CourseRec.Benchmarks.Tests.Chaos;

public class ChaosScheduleTests
{
    private static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(6);

    [Fact]
    public void A_seed_decides_the_whole_schedule()
    {
        Assert.Equal(Of(seed: 7), Of(seed: 7));
        Assert.NotEqual(Of(seed: 7), Of(seed: 8));
        Assert.Equal(ChaosSchedule.Quick(7, SessionTimeout), ChaosSchedule.Quick(7, SessionTimeout));
    }

    [Fact]
    public void Every_round_has_every_kind_once()
    {
        var kinds = Enum.GetValues<ChaosKind>();
        foreach (var round in Of(seed: 1).Chunk(kinds.Length))
            Assert.Equal(kinds, round.Select(action => action.Kind).Order());
    }

    [Fact]
    public void The_quick_one_kills_stops_and_freezes_a_node_has_one_join_and_kills_both_servers()
    {
        ChaosKind[] kinds =
        [
            ChaosKind.Kill,
            ChaosKind.Terminate,
            ChaosKind.Freeze,
            ChaosKind.Join,
            ChaosKind.KillBroker,
            ChaosKind.KillCassandra,
        ];
        Assert.Equal(kinds, ChaosSchedule.Quick(1, SessionTimeout).Select(action => action.Kind).Order());
    }

    [Fact]
    public void A_node_is_frozen_for_longer_than_its_session() =>
        Assert.All(
            Of(seed: 3).Where(action => action.Kind == ChaosKind.Freeze),
            action => Assert.True(action.Away > SessionTimeout)
        );

    private static IReadOnlyList<ChaosAction> Of(int seed) =>
        ChaosSchedule.Of(seed, ChaosSchedule.AllKinds, rounds: 10, SessionTimeout);
}
