using System.Collections.Concurrent;
using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Cql;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>
/// The counters' changes. Those that build on one snapshot share a Cassandra partition with it, so that the next
/// snapshot drops them with one tombstone that no later read comes across; <c>counters_base</c> lists the snapshots.
/// Which changes count is the reader's to find (<see cref="CounterChange"/>).
/// </summary>
internal sealed class CounterTable
{
    private readonly CounterStatements _statements;
    private readonly ConcurrentDictionary<int, CounterIndex> _known = new();

    private CounterTable(CounterStatements statements) => _statements = statements;

    public static async Task<CounterTable> PrepareAsync(CqlCluster cluster, CancellationToken cancel) =>
        new(await CounterStatements.PrepareAsync(cluster, cancel));

    /// <summary>Every change, by version; of two of one version one, a snapshot first.</summary>
    /// <exception cref="PartitionStoppedException">Rows are missing or damaged.</exception>
    public async Task<IReadOnlyList<CounterChange>> LoadAsync(int partition, CancellationToken cancel)
    {
        var (sets, changes) = await ReadAsync(partition, LogVersion.None, cancel);
        _known[partition] = new CounterIndex(sets);
        return changes;
    }

    /// <summary>The changes beyond a version, for who does not store any.</summary>
    /// <exception cref="PartitionStoppedException">Rows are missing or damaged.</exception>
    public async Task<IReadOnlyList<CounterChange>> FollowAsync(
        int partition,
        LogVersion since,
        CancellationToken cancel
    ) => (await ReadAsync(partition, since, cancel)).Changes;

    /// <summary>
    /// Stores a change, unless one of its version is stored: both count up to the same record. A newer one is no
    /// reason to leave it out. A snapshot replaces everything up to its version, once it is whole.
    /// </summary>
    public async Task StoreAsync(int partition, CounterChange change, CancellationToken cancel)
    {
        var known = await KnownAsync(partition, cancel);
        if (!change.IsSnapshot && known.Contains(change.Version))
            return;
        var @base = change.IsSnapshot ? change.Version : known.BaseOf(change.Since);
        var set = new CounterSet(@base, change.Version, CounterSet.ChecksumOf(change));
        if (change.IsSnapshot)
            await _statements.AddBaseAsync(partition, @base, cancel);
        await _statements.WriteAsync(partition, set, change, cancel);
        if (change.IsSnapshot)
        {
            await DropAsync(partition, change.Version, cancel);
            known.Drop(change.Version);
        }
        known.Add(set);
    }

    private async Task<(IEnumerable<CounterSet> Sets, IReadOnlyList<CounterChange> Changes)> ReadAsync(
        int partition,
        LogVersion since,
        CancellationToken cancel
    )
    {
        var rows = new Dictionary<CounterSet, CounterRows>();
        foreach (var @base in await _statements.ListBasesAsync(partition, cancel))
            await _statements.ReadAsync(partition, @base, since, rows, cancel);
        var finished = rows.Where(set => set.Value.IsFinished)
            .Select(set => (Set: set.Key, Change: set.Value.Join(set.Key)))
            .ToArray();
        var whole = finished.Select(set => set.Change).OfType<CounterChange>().ToArray();
        var snapshot = whole.Where(change => change.IsSnapshot).Select(change => change.Version).DefaultIfEmpty().Max();
        // What a snapshot replaced may come back in part, from a replica that missed its deletion: nobody needs it.
        foreach (var (set, change) in finished)
            if (change is null && set.Version > snapshot)
                throw WriteTime.Damaged(
                    $"partition {partition}'s counters at {set.Version}",
                    "rows are missing or differ"
                );
        return (
            finished.Select(set => set.Set),
            [
                .. whole
                    .GroupBy(change => change.Version)
                    .Select(same => same.MaxBy(change => change.IsSnapshot)!)
                    .OrderBy(change => change.Version),
            ]
        );
    }

    private async Task DropAsync(int partition, LogVersion upTo, CancellationToken cancel)
    {
        foreach (var @base in await _statements.ListBasesAsync(partition, cancel))
        {
            if (@base >= upTo)
                continue; // Another writer's, who is ahead.
            var sets = await _statements.ListSetsAsync(partition, @base, cancel);
            if (sets.All(set => set.Version <= upTo))
                await _statements.DeleteBaseAsync(partition, @base, sets, cancel);
            else
                foreach (var set in sets.Where(set => set.Version <= upTo))
                    await _statements.DeleteAsync(partition, set, cancel);
        }
    }

    private async Task<CounterIndex> KnownAsync(int partition, CancellationToken cancel)
    {
        if (_known.TryGetValue(partition, out var known))
            return known;
        await LoadAsync(partition, cancel);
        return _known[partition];
    }
}
