using CourseRec.Cql;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>A connected store: every statement is prepared.</summary>
internal sealed class StoreTables : IAsyncDisposable
{
    private readonly CqlCluster _cluster;

    private StoreTables(CqlCluster cluster) => _cluster = cluster;

    public required ManifestTable Manifest { get; init; }
    public required CheckpointTable Checkpoints { get; init; }
    public required CounterTable Counters { get; init; }
    public required UserTables Users { get; init; }
    public required ParkedTable Parked { get; init; }
    public required ClaimTable Claims { get; init; }
    public required LeaseTable Leases { get; init; }

    public CqlCluster Cluster => _cluster;

    public static async Task<StoreTables> PrepareAsync(
        CqlCluster cluster,
        CassandraSessionStoreOptions options,
        CancellationToken cancel
    )
    {
        var serial = options.Cluster.SerialConsistency;
        var parked = await ParkedTable.PrepareAsync(cluster, cancel);
        return new(cluster)
        {
            Manifest = await ManifestTable.PrepareAsync(cluster, serial, cancel),
            Checkpoints = await CheckpointTable.PrepareAsync(cluster, cancel),
            Counters = await CounterTable.PrepareAsync(cluster, cancel),
            Users = await UserTables.PrepareAsync(cluster, parked, options.InteractionsKeptFor, cancel),
            Parked = parked,
            Claims = await ClaimTable.PrepareAsync(cluster, serial, cancel),
            Leases = await LeaseTable.PrepareAsync(cluster, serial, cancel),
        };
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
