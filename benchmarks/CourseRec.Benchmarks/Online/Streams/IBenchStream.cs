using CourseRec.Cli.Targets;
using CourseRec.Simulation.Catalogue;

namespace CourseRec.Benchmarks.Online.Streams;

/// <summary>What <c>bench online</c> feeds, in order; the same each time it is read.</summary>
internal interface IBenchStream
{
    /// <summary>Names it to the user.</summary>
    string Name { get; }

    /// <summary>Events in all.</summary>
    int Events { get; }

    /// <summary>The events, oldest first.</summary>
    IEnumerable<StreamItem> Read();
}

/// <summary>An event, and the courses that were launched since the one before it.</summary>
/// <param name="Event">What is sent.</param>
/// <param name="Launched">What is written into the catalogue before it is sent.</param>
internal readonly record struct StreamItem(OutgoingEvent Event, IReadOnlyList<SimulatedCourse> Launched);
