using Akka.Actor.Setup;
using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Hosting;

/// <summary>
/// Gives an actor system the leases that its <see cref="StoreLease"/>s are of: Akka makes those by reflection, and can
/// hand them nothing else.
/// </summary>
/// <param name="leases">The leases that the cluster's nodes share.</param>
/// <param name="time">The clock by which they are renewed.</param>
public sealed class LeasesSetup(ILeases leases, TimeProvider time) : Setup
{
    /// <summary>The leases that the cluster's nodes share.</summary>
    public ILeases Leases { get; } = leases;

    /// <summary>The clock by which they are renewed.</summary>
    public TimeProvider Time { get; } = time;
}
