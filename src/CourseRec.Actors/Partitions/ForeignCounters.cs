using System.Collections.Concurrent;
using CourseRec.Models.Baselines;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// What the partitions of other nodes have counted, as this one knows it: <see cref="CountersActor"/> keeps it. Safe
/// for concurrent use.
/// </summary>
internal sealed class ForeignCounters
{
    private readonly ConcurrentDictionary<int, CourseCounters> _known = new();

    /// <summary>What a partition has counted, to lock while it is read; null when that is not known here.</summary>
    public CourseCounters? Find(int partition) => _known.GetValueOrDefault(partition);

    /// <summary>
    /// A partition has counted this. Of one that was held here until now it stands until the store is read.
    /// </summary>
    public void Keep(int partition, CourseCounters counters) => _known[partition] = counters;

    /// <summary>The partition is held here now.</summary>
    public void Remove(int partition) => _known.TryRemove(partition, out _);
}
