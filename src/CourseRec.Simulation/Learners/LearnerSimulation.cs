using CourseRec.Simulation.Catalogue;

namespace CourseRec.Simulation.Learners;

/// <summary>
/// An endless, deterministic stream of interactions: learners arrive, follow their interests along the catalogue's
/// tracks and leave; new ones take their place. Memory is bounded by the learners active at a time. Belongs to one
/// thread.
/// </summary>
public sealed class LearnerSimulation
{
    private const long Minute = 60_000;
    private const int MaxLearners = 10_000_000;

    private readonly SimulationOptions _options;
    private readonly World _world;
    private readonly LearnerBehaviour _behaviour;
    private readonly Learner[] _learners;
    private readonly PriorityQueue<int, long> _due;
    private SeededRandom _random;
    private long _events;
    private int _users;

    /// <summary>A simulation at its start.</summary>
    /// <param name="options">Who learns.</param>
    /// <param name="catalogue">What is taught; events name courses by their place in it.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds, or the catalogue is empty.</exception>
    public LearnerSimulation(SimulationOptions options, IReadOnlyList<SimulatedCourse> catalogue)
    {
        Check(options, catalogue);
        (_options, Catalogue) = (options, catalogue);
        _random = SeededRandom.For(options.Seed, "learners");
        var map = new CourseMap(catalogue);
        var taken = new TakenCourses(options.Learners, catalogue.Count);
        _world = new World(map, options.Seed, options.Drift);
        var choice = new CourseChoice(map, _world, taken);
        _behaviour = new LearnerBehaviour(map, _world, choice, taken, options.Drift?.InterestChange ?? 0);
        _learners = new Learner[options.Learners];
        _due = new PriorityQueue<int, long>(options.Learners);
        for (var slot = 0; slot < options.Learners; slot++)
            Schedule(slot, (long)(_random.NextDouble() * 2 * 24 * 60 * Minute));
    }

    /// <summary>The catalogue, with the courses that are not released yet.</summary>
    public IReadOnlyList<SimulatedCourse> Catalogue { get; }

    /// <summary>
    /// Called from <see cref="Next"/> with a course's place in the catalogue and its launch time (simulated
    /// milliseconds), before the first event at or after that time. Only with drift.
    /// </summary>
    public Action<int, long>? CourseLaunched { get; set; }

    /// <summary>Whether a course has been released by now; always so without drift.</summary>
    public bool IsReleased(int course) => _world.IsReleased(course);

    /// <summary>The next event.</summary>
    public SimulatedEvent Next()
    {
        while (true)
        {
            _due.TryPeek(out var slot, out var due);
            var now = due / _learners.Length;
            Advance(now);
            ref var learner = ref _learners[slot];
            if (learner.User == 0)
                learner = _behaviour.Arrive(++_users, slot, ref _random);
            var action = _behaviour.Act(ref learner, slot, ref _random);
            _due.Dequeue();
            Schedule(slot, now + (action?.Delay ?? Absence()));
            if (action is { } done)
                return new(_options.Seed, _events++, learner.User, learner.Course, done.Type, done.Value, now);
            learner.User = 0;
        }
    }

    /// <summary>The events from here on, without end.</summary>
    public IEnumerable<SimulatedEvent> Events()
    {
        while (true)
            yield return Next();
    }

    private void Advance(long now)
    {
        while (_world.TryLaunch(now, out var course, out var time))
            CourseLaunched?.Invoke(course, time);
        _world.Drift(now);
    }

    /// <summary>How long a place stays empty after its learner left.</summary>
    private long Absence() => (long)(30 * Minute + _random.NextExponential(6 * 60 * Minute));

    // No two slots share a priority, so the order does not hang on how the queue breaks ties.
    private void Schedule(int slot, long time) => _due.Enqueue(slot, time * _learners.Length + slot);

    private static void Check(SimulationOptions options, IReadOnlyList<SimulatedCourse> catalogue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Learners, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Learners, MaxLearners);
        ArgumentOutOfRangeException.ThrowIfZero(catalogue.Count);
        if (options.Drift is not { } drift)
            return;
        ArgumentOutOfRangeException.ThrowIfLessThan(drift.UnreleasedShare, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(drift.UnreleasedShare, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(drift.LaunchEvery, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(drift.TasteStep, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(drift.InterestChange, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(drift.InterestChange, 1);
    }
}
