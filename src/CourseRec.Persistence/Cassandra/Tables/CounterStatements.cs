using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Cql;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>The statements of <see cref="CounterTable"/>. Every row's version is its write time.</summary>
internal sealed class CounterStatements
{
    private readonly CqlCluster _cluster;
    private CqlStatement _bases = null!;
    private CqlStatement _addBase = null!;
    private CqlStatement _deleteBase = null!;
    private CqlStatement _sets = null!;
    private CqlStatement _read = null!;
    private CqlStatement _write = null!;
    private CqlStatement _deleteAll = null!;
    private CqlStatement _delete = null!;

    private CounterStatements(CqlCluster cluster) => _cluster = cluster;

    public static async Task<CounterStatements> PrepareAsync(CqlCluster cluster, CancellationToken cancel) =>
        new(cluster)
        {
            _bases = await cluster.PrepareAsync("SELECT base FROM counters_base WHERE partition = ?", [0], cancel),
            _addBase = await cluster.PrepareAsync(
                "INSERT INTO counters_base (partition, base) VALUES (?, ?) USING TIMESTAMP ?",
                [0],
                cancel
            ),
            _deleteBase = await cluster.PrepareAsync(
                "DELETE FROM counters_base USING TIMESTAMP ? WHERE partition = ? AND base = ?",
                [1],
                cancel
            ),
            _sets = await cluster.PrepareAsync(
                "SELECT version, checksum FROM counters WHERE partition = ? AND base = ?",
                [0, 1],
                cancel
            ),
            _read = await cluster.PrepareAsync(
                "SELECT version, checksum, chunk, since, is_snapshot, chunks, data, WRITETIME(data) FROM counters "
                    + "WHERE partition = ? AND base = ? AND version > ?",
                [0, 1],
                cancel
            ),
            _write = await cluster.PrepareAsync(
                "INSERT INTO counters (partition, base, version, checksum, chunk, since, is_snapshot, chunks, "
                    + "data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ?",
                [0, 1],
                cancel
            ),
            _deleteAll = await cluster.PrepareAsync(
                "DELETE FROM counters USING TIMESTAMP ? WHERE partition = ? AND base = ?",
                [1, 2],
                cancel
            ),
            _delete = await cluster.PrepareAsync(
                "DELETE FROM counters USING TIMESTAMP ? WHERE partition = ? AND base = ? AND version = ? AND "
                    + "checksum = ?",
                [1, 2],
                cancel
            ),
        };

    /// <summary>The snapshots on which changes build; the beginning is always among them.</summary>
    public async Task<List<LogVersion>> ListBasesAsync(int partition, CancellationToken cancel)
    {
        var bases = new List<LogVersion> { LogVersion.None };
        await foreach (var page in _cluster.PageAsync(_bases.Bind().Int(partition), cancel: cancel))
            while (page.Read())
                bases.Add(new LogVersion(page.BigInt(0)));
        return bases;
    }

    public Task AddBaseAsync(int partition, LogVersion @base, CancellationToken cancel) =>
        RunAsync(_addBase.Bind().Int(partition).BigInt(@base.Value).BigInt(@base.Value), cancel);

    /// <summary>Deletes the changes that build on a snapshot: those that there are, and the snapshot.</summary>
    public async Task DeleteBaseAsync(
        int partition,
        LogVersion @base,
        IReadOnlyCollection<CounterSet> sets,
        CancellationToken cancel
    )
    {
        if (sets.Count > 0)
        {
            var newest = sets.Max(set => set.Version).Value;
            await RunAsync(_deleteAll.Bind().BigInt(newest).Int(partition).BigInt(@base.Value), cancel);
        }
        if (@base != LogVersion.None)
            await RunAsync(_deleteBase.Bind().BigInt(@base.Value).Int(partition).BigInt(@base.Value), cancel);
    }

    /// <summary>What there is of a base, without its data.</summary>
    public async Task<HashSet<CounterSet>> ListSetsAsync(int partition, LogVersion @base, CancellationToken cancel)
    {
        var sets = new HashSet<CounterSet>();
        await foreach (var page in _cluster.PageAsync(_sets.Bind().Int(partition).BigInt(@base.Value), cancel: cancel))
            while (page.Read())
                sets.Add(new CounterSet(@base, new LogVersion(page.BigInt(0)), page.BigInt(1)));
        return sets;
    }

    /// <summary>Reads what there is of a base beyond a version.</summary>
    public async Task ReadAsync(
        int partition,
        LogVersion @base,
        LogVersion since,
        Dictionary<CounterSet, CounterRows> rows,
        CancellationToken cancel
    )
    {
        var newer = _read.Bind().Int(partition).BigInt(@base.Value).BigInt(since.Value);
        await foreach (var page in _cluster.PageAsync(newer, cancel: cancel))
        {
            while (page.Read())
            {
                var set = new CounterSet(@base, new LogVersion(page.BigInt(0)), page.BigInt(1));
                WriteTime.Check(page, 7, set.Version.Value, $"partition {partition}'s counters at {set.Version}");
                if (!rows.TryGetValue(set, out var known))
                    rows.Add(set, known = new CounterRows());
                known.Add(page.Int(2), new LogVersion(page.BigInt(3)), page.Boolean(4), page.Int(5), page.Blob(6));
            }
        }
    }

    public async Task WriteAsync(int partition, CounterSet set, CounterChange change, CancellationToken cancel)
    {
        var count = CounterSet.CountChunks(change.Data.Length);
        foreach (var (chunk, data) in CounterSet.Cut(change.Data))
        {
            var row = _write.Bind().Int(partition).BigInt(set.Base.Value).BigInt(set.Version.Value);
            row.BigInt(set.Checksum).Int(chunk).BigInt(change.Since.Value).Boolean(change.IsSnapshot);
            await RunAsync(row.Int(count).Blob(data.Span).BigInt(set.Version.Value), cancel);
        }
    }

    public Task DeleteAsync(int partition, CounterSet set, CancellationToken cancel)
    {
        var row = _delete.Bind().BigInt(set.Version.Value).Int(partition).BigInt(set.Base.Value);
        return RunAsync(row.BigInt(set.Version.Value).BigInt(set.Checksum), cancel);
    }

    private async Task RunAsync(CqlBound write, CancellationToken cancel) =>
        await _cluster.ExecuteAsync(write, cancel: cancel);
}
