using System.Collections.Concurrent;

namespace CourseRec.Node.Cluster;

/// <summary>
/// Hints that were wrong: a node that said a partition is its own, and did not serve it or did not answer. Until such
/// a hint is right again, one request in a quarter of a second follows it, for all that wait: thousands of clients of
/// a node that died ask it a few times, not each of them ten times a second. Safe for concurrent use.
/// </summary>
internal sealed class StaleHints(TimeProvider time)
{
    private const int Kept = 10_000;
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(250);
    private readonly ConcurrentDictionary<(string Node, int? Partition), long> _followed = new();

    /// <summary>
    /// Whether a request may follow a hint now. If so, and it was wrong before, others may not for a while.
    /// </summary>
    public bool MayFollow(string node, int? partition) =>
        !_followed.TryGetValue((node, partition), out var at)
        || (time.GetElapsedTime(at) >= Again && _followed.TryUpdate((node, partition), time.GetTimestamp(), at));

    /// <summary>Whoever follows it now may.</summary>
    public void WasRight(string node, int? partition) => _followed.TryRemove((node, partition), out _);

    /// <summary>It is followed by few from now on.</summary>
    public void WasWrong(string node, int? partition)
    {
        if (_followed.Count >= Kept)
            _followed.Clear(); // Of nodes long gone.
        _followed[(node, partition)] = time.GetTimestamp();
    }
}
