using CourseRec.Models.Interactions;

namespace CourseRec.Simulation.Learners;

/// <summary>One interaction of a simulated learner.</summary>
/// <param name="Seed">The simulation's seed.</param>
/// <param name="Number">Its place in the stream, from 0.</param>
/// <param name="User">The learner's number, from 1, in order of arrival.</param>
/// <param name="Course">The course's place in the catalogue.</param>
/// <param name="Type">What the learner did.</param>
/// <param name="Value">A rating (1 … 5) or a share of progress (0 … 1); NaN when there is none.</param>
/// <param name="Time">Simulated milliseconds since the start; never goes back.</param>
public readonly record struct SimulatedEvent(
    int Seed,
    long Number,
    int User,
    int Course,
    InteractionType Type,
    double Value,
    long Time
)
{
    /// <summary>The event's id: <c>{seed}-{number}</c>.</summary>
    public string Id => $"{Seed}-{Number}";

    /// <summary>The learner's id: <c>learner-000123</c>.</summary>
    public string UserId => $"learner-{User:D6}";
}
