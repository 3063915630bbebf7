using CourseRec.Actors;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>
/// The stored changes of one partition, as this process knows them: which versions there are, and on which snapshot
/// each builds.
/// </summary>
internal sealed class CounterIndex
{
    private readonly Dictionary<LogVersion, LogVersion> _bases = [];

    public CounterIndex(IEnumerable<CounterSet> sets)
    {
        foreach (var set in sets)
            Add(set);
    }

    public bool Contains(LogVersion version) => _bases.ContainsKey(version);

    /// <summary>
    /// The snapshot that a change builds on, by the change that it follows; none when that is not known.
    /// </summary>
    public LogVersion BaseOf(LogVersion since) => _bases.GetValueOrDefault(since);

    public void Add(CounterSet set) => _bases[set.Version] = set.Base;

    /// <summary>Leaves out everything up to a snapshot.</summary>
    public void Drop(LogVersion upTo)
    {
        foreach (var version in _bases.Keys.Where(version => version <= upTo).ToArray())
            _bases.Remove(version);
    }
}
