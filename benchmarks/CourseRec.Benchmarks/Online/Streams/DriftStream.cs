using CourseRec.Cli.Targets;
using CourseRec.Simulation.Catalogue;
using CourseRec.Simulation.Learners;

namespace CourseRec.Benchmarks.Online.Streams;

/// <summary>
/// The simulator's changing world: courses are launched, tastes wander, learners change their interests. Event time is
/// simulated time since a fixed day, so a seed gives the same records on every machine.
/// </summary>
internal sealed class DriftStream(OnlineBenchSettings settings) : IBenchStream
{
    // Two hundred launches of the default catalogue last as long as the default stream.
    private static readonly TimeSpan LaunchEvery = TimeSpan.FromHours(22);

    private static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public string Name => $"simulated drift, seed {settings.Seed}";

    /// <inheritdoc/>
    public int Events => settings.Events ?? OnlineBenchSettings.DriftEvents;

    /// <inheritdoc/>
    public IEnumerable<StreamItem> Read()
    {
        var catalogue = CatalogueGenerator.Generate(new() { Seed = settings.Seed, Courses = settings.Courses });
        var simulation = new LearnerSimulation(
            new()
            {
                Seed = settings.Seed,
                Learners = settings.Learners,
                Drift = new() { LaunchEvery = LaunchEvery },
            },
            catalogue
        );
        var launched = Enumerable.Range(0, catalogue.Count).Where(simulation.IsReleased).ToList();
        simulation.CourseLaunched = (course, _) => launched.Add(course);
        for (var i = 0; i < Events; i++)
        {
            var e = simulation.Next();
            yield return new(ToEvent(e, catalogue), [.. launched.Select(course => catalogue[course])]);
            launched.Clear();
        }
    }

    private static OutgoingEvent ToEvent(in SimulatedEvent e, IReadOnlyList<SimulatedCourse> catalogue) =>
        new(
            e.Id,
            e.UserId,
            catalogue[e.Course].Id,
            e.Type,
            double.IsNaN(e.Value) ? null : e.Value,
            Start.AddMilliseconds(e.Time)
        );
}
