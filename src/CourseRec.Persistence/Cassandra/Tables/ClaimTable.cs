using CourseRec.Actors.Ports;
using CourseRec.Cql;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>Who owns which partition. Written under conditions: nothing in it is versioned.</summary>
internal sealed class ClaimTable
{
    private readonly CqlCluster _cluster;
    private readonly CqlStatement _find;
    private readonly CqlStatement _insert;
    private readonly CqlStatement _replace;
    private readonly CqlConsistency _serial;

    private ClaimTable(
        CqlCluster cluster,
        CqlStatement find,
        CqlStatement insert,
        CqlStatement replace,
        CqlConsistency serial
    ) => (_cluster, _find, _insert, _replace, _serial) = (cluster, find, insert, replace, serial);

    public static async Task<ClaimTable> PrepareAsync(
        CqlCluster cluster,
        CqlConsistency serial,
        CancellationToken cancel
    ) =>
        new(
            cluster,
            await cluster.PrepareAsync("SELECT owner, epoch FROM claim WHERE partition = ?", [0], cancel),
            await cluster.PrepareAsync(
                "INSERT INTO claim (partition, owner, epoch) VALUES (?, ?, ?) IF NOT EXISTS",
                [0],
                cancel
            ),
            await cluster.PrepareAsync(
                "UPDATE claim SET owner = ?, epoch = ? WHERE partition = ? IF epoch = ?",
                [2],
                cancel
            ),
            serial
        );

    /// <summary>
    /// The claim as it stands. An ordinary read sees every claim that was answered: those are committed at a quorum,
    /// the store's consistency, and this reads from one too. Read with every flush, it is spared Paxos's rounds.
    /// </summary>
    public Task<PartitionClaim?> FindAsync(int partition, CancellationToken cancel) =>
        FindAsync(partition, null, cancel);

    /// <summary>
    /// Gives a partition to an owner, with the next epoch. When somebody else was faster, or it is in doubt whether
    /// this was written, what stands by then has a higher epoch, and so has the next attempt.
    /// </summary>
    public Task<PartitionClaim> TakeAsync(int partition, string owner, CancellationToken cancel) =>
        InDoubt.RetryAsync(async () =>
        {
            while (true)
            {
                // Read in the same order as the conditions: a write under way is finished first.
                var standing = await FindAsync(partition, _serial, cancel);
                var claim = new PartitionClaim(partition, owner, (standing?.Epoch ?? 0) + 1);
                if (await _cluster.AppliesAsync(Write(claim, standing), cancel))
                    return claim;
            }
        });

    private async Task<PartitionClaim?> FindAsync(int partition, CqlConsistency? consistency, CancellationToken cancel)
    {
        var row = await _cluster.ExecuteAsync(_find.Bind().Int(partition), consistency, cancel);
        return row.Read() ? new PartitionClaim(partition, row.Text(0), row.BigInt(1)) : null;
    }

    private CqlBound Write(PartitionClaim claim, PartitionClaim? standing) =>
        standing is null
            ? _insert.Bind().Int(claim.Partition).Text(claim.Owner).BigInt(claim.Epoch)
            : _replace.Bind().Text(claim.Owner).BigInt(claim.Epoch).Int(claim.Partition).BigInt(standing.Epoch);
}
