using CourseRec.Actors.Ports;

namespace CourseRec.Persistence.Cassandra;

/// <summary>Leases in the session store's keyspace.</summary>
internal sealed class CassandraLeases(StoreConnection connection) : ILeases
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryAcquireAsync(
        string name,
        string owner,
        TimeSpan timeToLive,
        CancellationToken cancel
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeToLive, TimeSpan.Zero);
        return await connection.RunAsync(tables => tables.Leases.TryTakeAsync(name, owner, timeToLive, cancel), cancel);
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(string name, string owner, CancellationToken cancel) =>
        await connection.RunAsync(tables => tables.Leases.DeleteAsync(name, owner, cancel), cancel);

    /// <inheritdoc/>
    public async ValueTask<bool> IsHeldAsync(string name, string owner, CancellationToken cancel) =>
        await connection.RunAsync(async tables => await tables.Leases.FindAsync(name, cancel) == owner, cancel);
}
