using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Cql;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>How far each partition is stored.</summary>
internal sealed class CheckpointTable
{
    private readonly CqlCluster _cluster;
    private readonly CqlStatement _find;
    private readonly CqlStatement _store;

    private CheckpointTable(CqlCluster cluster, CqlStatement find, CqlStatement store) =>
        (_cluster, _find, _store) = (cluster, find, store);

    public static async Task<CheckpointTable> PrepareAsync(CqlCluster cluster, CancellationToken cancel) =>
        new(
            cluster,
            await cluster.PrepareAsync(
                "SELECT version, event_id, accepted_at, WRITETIME(version), WRITETIME(event_id), "
                    + "WRITETIME(accepted_at) FROM checkpoint WHERE partition = ?",
                [0],
                cancel
            ),
            await cluster.PrepareAsync(
                "INSERT INTO checkpoint (partition, version, event_id, accepted_at) VALUES (?, ?, ?, ?) USING "
                    + "TIMESTAMP ?",
                [0],
                cancel
            )
        );

    public async Task<Checkpoint?> FindAsync(int partition, CancellationToken cancel)
    {
        var row = await _cluster.ExecuteAsync(_find.Bind().Int(partition), cancel: cancel);
        if (!row.Read())
            return null;
        var what = $"partition {partition}'s checkpoint";
        if (row.IsNull(0) || row.IsNull(1) || row.IsNull(2))
            throw WriteTime.Damaged(what, "a part of it is missing");
        var found = new Checkpoint(new LogVersion(row.BigInt(0)), row.Text(1), row.Timestamp(2));
        for (var column = 3; column < 6; column++)
            WriteTime.Check(row, column, found.Version.Value, what);
        return found;
    }

    public async Task StoreAsync(int partition, Checkpoint checkpoint, CancellationToken cancel)
    {
        var row = _store.Bind().Int(partition).BigInt(checkpoint.Version.Value);
        row.Text(checkpoint.EventId).Timestamp(checkpoint.AcceptedAt).BigInt(checkpoint.Version.Value);
        await _cluster.ExecuteAsync(row, cancel: cancel);
    }
}
