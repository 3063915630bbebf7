using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Sessions;

/// <summary>
/// The formats of stored sessions. A program reads its newest and the one before; it writes the one that the store is
/// pinned to (<see cref="StoreManifest.SessionFormat"/>), which an operator raises when every node can read the next.
/// </summary>
public static class SessionFormats
{
    /// <summary>The oldest that this program reads.</summary>
    public const int Oldest = 1;

    /// <summary>
    /// The newest that this program reads, and a new store is pinned to. It binds a session to its user, and knows
    /// parked users.
    /// </summary>
    public const int Newest = 2;

    /// <summary>The first that lets users be parked.</summary>
    public const int FirstWithParking = 2;

    /// <summary>Refuses a store whose sessions this program can't write.</summary>
    /// <exception cref="StoreMismatchException">It is pinned to another format.</exception>
    public static void Check(StoreManifest manifest)
    {
        if (manifest.SessionFormat is < Oldest or > Newest)
            throw new StoreMismatchException(
                $"The session store is pinned to session format {manifest.SessionFormat}, this program knows "
                    + $"{Oldest} and {Newest}. "
                    + (manifest.SessionFormat > Newest ? "Use a newer program." : "Use an older program.")
            );
    }
}
