using CourseRec.Benchmarks.Chaos;

namespace CourseRec.Benchmarks.Tests.Chaos;

public class ChaosScheduleTests
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(4);

    [Fact]
    public void A_seed_decides_the_whole_schedule()
    {
        Assert.Equal(Of(seed: 7), Of(seed: 7));
        Assert.NotEqual(Of(seed: 7), Of(seed: 8));
        Assert.Equal(ChaosSchedule.Quick(7, Patient), ChaosSchedule.Quick(7, Patient));
    }

    [Fact]
    public void Every_round_has_every_kind_once()
    {
        var kinds = ChaosSchedule.AllKinds.Order().ToArray();
        foreach (var round in Of(seed: 1).Chunk(kinds.Length))
            Assert.Equal(kinds, round.Select(action => action.Kind).Order());
    }

    [Fact]
    public void The_quick_one_kills_stops_freezes_and_cuts_off_a_node_has_one_join_and_kills_both_servers()
    {
        ChaosKind[] kinds =
        [
            ChaosKind.Kill,
            ChaosKind.Terminate,
            ChaosKind.Freeze,
            ChaosKind.Cut,
            ChaosKind.Join,
            ChaosKind.KillBroker,
            ChaosKind.KillCassandra,
        ];
        Assert.Equal(kinds, ChaosSchedule.Quick(1, Patient).Select(action => action.Kind).Order());
    }

    [Fact]
    public void A_node_is_frozen_or_cut_off_for_longer_than_the_others_wait() =>
        Assert.All(
            ChaosSchedule.Of(3, [ChaosKind.Freeze, ChaosKind.Cut], rounds: 10, Patient),
            action => Assert.True(action.Away > Patient)
        );

    [Fact]
    public void A_brief_freeze_is_shorter_than_the_others_wait() =>
        Assert.All(
            ChaosSchedule.Of(3, [ChaosKind.FreezeBriefly], rounds: 10, Patient),
            action => Assert.True(action.Away < Patient)
        );

    private static IReadOnlyList<ChaosAction> Of(int seed) =>
        ChaosSchedule.Of(seed, ChaosSchedule.AllKinds, rounds: 10, Patient);
}
