namespace CourseRec.Actors.Ports;

/// <summary>
/// Leases by name, each held by one owner at a time, and for a time only: what is not renewed is free again. They are
/// taken by conditional writes, so of two owners at once one gets it. The time is measured by the store's clocks.
/// </summary>
public interface ILeases
{
    /// <summary>
    /// Takes a lease that is free or expired, or renews the owner's own. Answers whether the owner holds it, for
    /// <paramref name="timeToLive"/> at least from the call on. When it throws, it may hold it or not; trying again is
    /// right.
    /// </summary>
    /// <param name="name">Which lease.</param>
    /// <param name="owner">Who wants it: one process at a time has this name.</param>
    /// <param name="timeToLive">More than nothing; the store may round it up.</param>
    /// <param name="cancel">Gives up waiting for the answer.</param>
    /// <exception cref="StoreUnavailableException">The store can't be asked now.</exception>
    ValueTask<bool> TryAcquireAsync(string name, string owner, TimeSpan timeToLive, CancellationToken cancel);

    /// <summary>Gives a lease back; does nothing when the owner does not hold it.</summary>
    /// <exception cref="StoreUnavailableException">The store can't be asked now: the lease is free when it
    /// expires.</exception>
    ValueTask ReleaseAsync(string name, string owner, CancellationToken cancel);

    /// <summary>Whether the owner holds a lease now.</summary>
    /// <exception cref="StoreUnavailableException">The store can't be asked now.</exception>
    ValueTask<bool> IsHeldAsync(string name, string owner, CancellationToken cancel);
}
