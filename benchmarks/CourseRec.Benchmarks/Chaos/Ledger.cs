using System.Collections.Concurrent;

namespace CourseRec.Benchmarks.Chaos;

/// <summary>
/// What the load knows to be accepted, apart from everything that it is tested with. A learner's events are numbered
/// without a gap, and none is sent before the one before it was acknowledged.
/// </summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, int> _accepted = [];
    private long _retries;

    /// <summary>Everybody who has done something.</summary>
    public IEnumerable<string> Users => _accepted.Keys;

    /// <summary>Events accepted.</summary>
    public long Events => _accepted.Values.Sum(count => (long)count);

    /// <summary>Requests that were not acknowledged, and sent again with the same ids.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>The id of a learner's event.</summary>
    public static string IdOf(string user, int number) => $"{user}-{number}";

    /// <summary>How many events of a learner were accepted: numbers 0 to one less.</summary>
    public int AcceptedOf(string user) => _accepted.GetValueOrDefault(user);

    /// <summary>Notes that one more event of each was accepted.</summary>
    public void Accepted(IEnumerable<string> users)
    {
        foreach (var user in users)
            _accepted.AddOrUpdate(user, 1, (_, count) => count + 1);
    }

    /// <summary>Notes that a request has to be sent again.</summary>
    public void Retried() => Interlocked.Increment(ref _retries);
}
