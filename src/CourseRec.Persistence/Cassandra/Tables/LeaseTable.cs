using CourseRec.Cql;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>
/// Leases: a row is there as long as its owner holds the lease, and expires by itself. Written under conditions.
/// Cassandra takes the clock of the node that coordinates a write for its expiry, so the nodes' clocks must agree much
/// better than a lease is long.
/// </summary>
internal sealed class LeaseTable
{
    private readonly CqlCluster _cluster;
    private readonly CqlStatement _find;
    private readonly CqlStatement _renew;
    private readonly CqlStatement _insert;
    private readonly CqlStatement _delete;
    private readonly CqlConsistency _serial;

    private LeaseTable(
        CqlCluster cluster,
        CqlStatement find,
        CqlStatement renew,
        CqlStatement insert,
        CqlStatement delete,
        CqlConsistency serial
    ) => (_cluster, _find, _renew, _insert, _delete, _serial) = (cluster, find, renew, insert, delete, serial);

    public static async Task<LeaseTable> PrepareAsync(
        CqlCluster cluster,
        CqlConsistency serial,
        CancellationToken cancel
    ) =>
        new(
            cluster,
            await cluster.PrepareAsync("SELECT owner FROM lease WHERE name = ?", [0], cancel),
            await cluster.PrepareAsync(
                "UPDATE lease USING TTL ? SET owner = ? WHERE name = ? IF owner = ?",
                [2],
                cancel
            ),
            await cluster.PrepareAsync(
                "INSERT INTO lease (name, owner) VALUES (?, ?) IF NOT EXISTS USING TTL ?",
                [0],
                cancel
            ),
            await cluster.PrepareAsync("DELETE FROM lease WHERE name = ? IF owner = ?", [0], cancel),
            serial
        );

    /// <summary>
    /// Renews the owner's own row, or makes one where there is none. A renewal comes first: there are many of them.
    /// </summary>
    public Task<bool> TryTakeAsync(string name, string owner, TimeSpan timeToLive, CancellationToken cancel)
    {
        // Cassandra counts in seconds of its clock: a row lives up to one second less than it is told.
        var seconds = checked((int)Math.Ceiling(timeToLive.TotalSeconds) + 1);
        return InDoubt.RetryAsync(async () =>
            await _cluster.AppliesAsync(_renew.Bind().Int(seconds).Text(owner).Text(name).Text(owner), cancel)
            || await _cluster.AppliesAsync(_insert.Bind().Text(name).Text(owner).Int(seconds), cancel)
        );
    }

    /// <summary>Deletes the owner's row; answers whether there was one.</summary>
    public Task<bool> DeleteAsync(string name, string owner, CancellationToken cancel) =>
        InDoubt.RetryAsync(() => _cluster.AppliesAsync(_delete.Bind().Text(name).Text(owner), cancel));

    /// <summary>Who holds a lease; null when nobody does. Read in the same order as the conditions.</summary>
    public async Task<string?> FindAsync(string name, CancellationToken cancel)
    {
        var row = await _cluster.ExecuteAsync(_find.Bind().Text(name), _serial, cancel);
        return row.Read() && !row.IsNull(0) ? row.Text(0) : null;
    }
}
