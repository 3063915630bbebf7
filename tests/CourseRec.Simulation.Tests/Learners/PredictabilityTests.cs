using CourseRec.Simulation.Catalogue;
using CourseRec.Simulation.Learners;
using Xunit.Abstractions;

namespace CourseRec.Simulation.Tests.Learners;

public sealed class PredictabilityTests(ITestOutputHelper output)
{
    private static readonly DriftOptions Drifting = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_sequential_model_beats_popularity_clearly_and_is_far_from_perfect(int seed)
    {
        var simulation = Simulation(seed, null);
        var contest = new TransitionContest(500);
        Run(simulation, contest, 400_000);
        contest.Restart();
        Run(simulation, contest, 100_000);
        output.WriteLine($"{contest.Judged}: {contest.TransitionHitRate:0.000} / {contest.PopularityHitRate:0.000}");

        Assert.InRange(contest.Judged, 10_000, 60_000);
        Assert.InRange(contest.PopularityHitRate, 0.05, 0.20);
        Assert.InRange(contest.TransitionHitRate, 0.4, 0.7);
        Assert.True(contest.TransitionHitRate >= 2.5 * contest.PopularityHitRate);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void With_drift_a_model_frozen_at_half_time_loses_clearly(int seed)
    {
        var (live, frozen) = AfterHalfTime(seed, Drifting);

        Assert.True(frozen < 0.88 * live, $"frozen {frozen:0.000}, live {live:0.000}");
    }

    [Fact]
    public void Without_drift_a_frozen_model_keeps_up()
    {
        var (live, frozen) = AfterHalfTime(1, null);

        Assert.True(frozen > 0.96 * live, $"frozen {frozen:0.000}, live {live:0.000}");
    }

    private (double Live, double Frozen) AfterHalfTime(int seed, DriftOptions? drift)
    {
        var simulation = Simulation(seed, drift);
        var (live, frozen) = (new TransitionContest(500), new TransitionContest(500));
        Run(simulation, 300_000, live, frozen);
        frozen.Learning = false;
        Run(simulation, 150_000, live, frozen);
        live.Restart();
        frozen.Restart();
        Run(simulation, 150_000, live, frozen);
        output.WriteLine($"live {live.TransitionHitRate:0.000} / {live.PopularityHitRate:0.000}, ");
        output.WriteLine($"frozen {frozen.TransitionHitRate:0.000} / {frozen.PopularityHitRate:0.000}");
        return (live.TransitionHitRate, frozen.TransitionHitRate);
    }

    private static LearnerSimulation Simulation(int seed, DriftOptions? drift) =>
        new(
            new SimulationOptions
            {
                Seed = seed,
                Learners = 2_000,
                Drift = drift,
            },
            CatalogueGenerator.Generate(new CatalogueOptions { Seed = seed })
        );

    private static void Run(LearnerSimulation simulation, TransitionContest contest, int events) =>
        Run(simulation, events, contest);

    private static void Run(LearnerSimulation simulation, int events, params TransitionContest[] contests)
    {
        foreach (var simulated in simulation.Events().Take(events))
        foreach (var contest in contests)
            contest.Observe(simulated);
    }
}
