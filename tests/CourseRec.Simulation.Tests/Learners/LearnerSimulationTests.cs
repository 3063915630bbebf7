using System.Buffers;
using System.Security.Cryptography;
using CourseRec.Models.Interactions;
using CourseRec.Simulation.Catalogue;
using CourseRec.Simulation.Learners;

namespace CourseRec.Simulation.Tests.Learners;

public sealed class LearnerSimulationTests
{
    private static readonly IReadOnlyList<SimulatedCourse> Catalogue = CatalogueGenerator.Generate(
        new CatalogueOptions()
    );

    [Theory]
    [InlineData(false, "e422810c4ceebd50")]
    [InlineData(true, "b8440b85fe8e9653")]
    public void A_seed_pins_the_stream_on_every_machine(bool drift, string hash)
    {
        var simulation = Simulation(seed: 1, learners: 1_000, drift: drift ? new DriftOptions() : null);

        Assert.Equal(hash, Hash(simulation));
    }

    [Fact]
    public void Another_seed_gives_another_stream() =>
        Assert.NotEqual(Hash(Simulation(seed: 1)), Hash(Simulation(seed: 2)));

    [Fact]
    public void Time_never_goes_back_and_numbers_count_up()
    {
        var (number, time) = (0L, 0L);
        foreach (var simulated in Simulation().Events().Take(200_000))
        {
            Assert.Equal(number++, simulated.Number);
            Assert.True(simulated.Time >= time);
            time = simulated.Time;
        }
    }

    [Fact]
    public void New_learners_arrive_in_order_and_old_ones_leave()
    {
        var users = Simulation(learners: 200).Events().Take(200_000).Select(simulated => simulated.User).ToArray();

        var arrivals = users.Distinct().ToArray();
        Assert.Equal(Enumerable.Range(1, arrivals.Length), arrivals);
        Assert.InRange(arrivals.Length, 1_000, 10_000);
        Assert.Empty(users.Take(10_000).Intersect(users.TakeLast(10_000)));
    }

    [Fact]
    public void Learners_mostly_take_prerequisites_first()
    {
        var enrolled = new HashSet<(int User, string Course)>();
        var (needed, met) = (0, 0);
        foreach (var simulated in Simulation().Events().Take(200_000).Where(e => e.Type == InteractionType.Enroll))
        {
            var course = Catalogue[simulated.Course];
            needed += course.Prerequisites.Count;
            met += course.Prerequisites.Count(first => enrolled.Contains((simulated.User, first)));
            enrolled.Add((simulated.User, course.Id));
        }

        Assert.InRange((double)met / needed, 0.78, 0.98);
    }

    [Fact]
    public void A_funnel_narrows_from_views_to_completions_and_nobody_enrols_twice()
    {
        var events = Simulation().Events().Take(200_000).ToArray();
        var counts = events.CountBy(simulated => simulated.Type).ToDictionary();
        var enrolments = events.Where(simulated => simulated.Type == InteractionType.Enroll).ToArray();

        Assert.Equal(Enum.GetValues<InteractionType>().Length, counts.Count);
        Assert.True(counts[InteractionType.View] > counts[InteractionType.Click]);
        Assert.True(counts[InteractionType.Click] > counts[InteractionType.Enroll]);
        Assert.True(counts[InteractionType.Enroll] > counts[InteractionType.Complete]);
        Assert.Equal(enrolments.Length, enrolments.DistinctBy(e => (e.User, e.Course)).Count());
    }

    [Fact]
    public void Values_are_ratings_and_shares_of_progress()
    {
        foreach (var simulated in Simulation().Events().Take(100_000))
            Assert.True(
                simulated.Type switch
                {
                    InteractionType.Rate => simulated.Value is 1 or 2 or 3 or 4 or 5,
                    InteractionType.Progress => simulated.Value is > 0 and < 1,
                    _ => double.IsNaN(simulated.Value),
                },
                simulated.ToString()
            );
    }

    [Fact]
    public void Memory_does_not_grow_with_the_stream()
    {
        var simulation = Simulation(learners: 500);
        for (var i = 0; i < 100_000; i++)
            simulation.Next();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 500_000; i++)
            simulation.Next();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void A_tiny_catalogue_still_gives_an_endless_stream(int courses)
    {
        var catalogue = CatalogueGenerator.Generate(new CatalogueOptions { Courses = courses });
        var simulation = new LearnerSimulation(new SimulationOptions { Learners = 3 }, catalogue);

        Assert.Equal(10_000, simulation.Events().Take(10_000).Count());
    }

    [Fact]
    public void Options_out_of_bounds_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Simulation(learners: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Simulation(drift: new DriftOptions { UnreleasedShare = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Simulation(drift: new DriftOptions { LaunchEvery = default }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearnerSimulation(new SimulationOptions(), []));
    }

    private static LearnerSimulation Simulation(int seed = 1, int learners = 1_000, DriftOptions? drift = null) =>
        new(
            new SimulationOptions
            {
                Seed = seed,
                Learners = learners,
                Drift = drift,
            },
            Catalogue
        );

    private static string Hash(LearnerSimulation simulation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var writer = new SimulatedEventWriter(Catalogue);
        var output = new ArrayBufferWriter<byte>();
        foreach (var simulated in simulation.Events().Take(100_000))
        {
            output.ResetWrittenCount();
            writer.Write(output, simulated, DateTimeOffset.UnixEpoch);
            hash.AppendData(output.WrittenSpan);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
