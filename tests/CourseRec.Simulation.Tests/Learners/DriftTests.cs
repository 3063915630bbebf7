using CourseRec.Simulation.Catalogue;
using CourseRec.Simulation.Learners;

namespace CourseRec.Simulation.Tests.Learners;

public sealed class DriftTests
{
    private static readonly IReadOnlyList<SimulatedCourse> Catalogue = CatalogueGenerator.Generate(
        new CatalogueOptions()
    );

    [Fact]
    public void Nobody_sees_a_course_before_its_launch_and_all_are_launched_in_the_end()
    {
        var simulation = Simulation();
        var released = Enumerable.Range(0, 500).Where(simulation.IsReleased).ToHashSet();
        simulation.CourseLaunched = (course, _) => Assert.True(released.Add(course));
        Assert.Equal(300, released.Count);

        foreach (var simulated in simulation.Events().Take(500_000))
            Assert.Contains(simulated.Course, released);

        Assert.Equal(500, released.Count);
    }

    [Fact]
    public void Launches_keep_their_rhythm_and_come_before_the_events_that_follow_them()
    {
        var simulation = Simulation();
        var (launches, time) = (new List<long>(), 0L);
        simulation.CourseLaunched = (_, launch) =>
        {
            Assert.True(launch >= time);
            launches.Add(launch);
        };
        for (var i = 0; i < 100_000; i++)
            time = simulation.Next().Time;

        var hours = (long)TimeSpan.FromHours(8).TotalMilliseconds;
        Assert.InRange(launches.Count, 10, 200);
        Assert.Equal(Enumerable.Range(1, launches.Count).Select(i => i * hours), launches);
    }

    [Fact]
    public void A_course_is_launched_after_its_prerequisites()
    {
        var simulation = Simulation();
        var released = Catalogue.Where((_, i) => simulation.IsReleased(i)).Select(course => course.Id).ToHashSet();
        simulation.CourseLaunched = (course, _) =>
        {
            Assert.Subset(released, Catalogue[course].Prerequisites.ToHashSet());
            released.Add(Catalogue[course].Id);
        };
        for (var i = 0; i < 200_000; i++)
            simulation.Next();
    }

    [Fact]
    public void New_courses_find_learners()
    {
        var simulation = Simulation();
        var launched = new HashSet<int>();
        simulation.CourseLaunched = (course, _) => launched.Add(course);
        var taken = simulation.Events().Take(400_000).TakeLast(50_000).Count(e => launched.Contains(e.Course));

        Assert.InRange(taken / 50_000.0, 0.2, 0.7);
    }

    private static LearnerSimulation Simulation() =>
        new(new SimulationOptions { Learners = 1_000, Drift = new DriftOptions() }, Catalogue);
}
