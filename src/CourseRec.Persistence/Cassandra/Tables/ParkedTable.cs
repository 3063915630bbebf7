using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Cql;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>The users whose records are put aside: few, so that one partition of the table holds them all.</summary>
internal sealed class ParkedTable
{
    private readonly CqlCluster _cluster;
    private readonly CqlStatement _list;
    private readonly CqlStatement _store;
    private readonly CqlStatement _delete;

    private ParkedTable(CqlCluster cluster, CqlStatement list, CqlStatement store, CqlStatement delete) =>
        (_cluster, _list, _store, _delete) = (cluster, list, store, delete);

    public static async Task<ParkedTable> PrepareAsync(CqlCluster cluster, CancellationToken cancel) =>
        new(
            cluster,
            await cluster.PrepareAsync(
                "SELECT user, version, time, reason, WRITETIME(version) FROM parked WHERE shelf = 0",
                [],
                cancel
            ),
            await cluster.PrepareAsync(
                "INSERT INTO parked (shelf, user, version, time, reason) VALUES (0, ?, ?, ?, ?) USING TIMESTAMP ?",
                [],
                cancel
            ),
            await cluster.PrepareAsync("DELETE FROM parked USING TIMESTAMP ? WHERE shelf = 0 AND user = ?", [], cancel)
        );

    public async Task<List<Parking>> ListAsync(CancellationToken cancel)
    {
        var found = new List<Parking>();
        await foreach (var page in _cluster.PageAsync(_list.Bind(), cancel: cancel))
        {
            while (page.Read())
                found.Add(Read(page));
        }
        return found;
    }

    /// <summary>Parks a user, or ends it; loses to whatever is newer.</summary>
    public async Task StoreAsync(Parking parking, CancellationToken cancel)
    {
        var (user, version) = (parking.User, parking.Version.Value);
        await _cluster.ExecuteAsync(
            parking.Reason is { } reason
                ? _store.Bind().Text(user).BigInt(version).Timestamp(parking.Time).Text(reason).BigInt(version)
                : Delete(user, parking.Version),
            cancel: cancel
        );
    }

    /// <summary>The deletion of what was said of a user up to a version.</summary>
    public CqlBound Delete(string user, LogVersion upTo) => _delete.Bind().BigInt(upTo.Value).Text(user);

    private static Parking Read(CqlRows row)
    {
        var what = $"the parking of user {row.Text(0)}";
        if (row.IsNull(1) || row.IsNull(2) || row.IsNull(3))
            throw WriteTime.Damaged(what, "a part of it is missing");
        WriteTime.Check(row, 4, row.BigInt(1), what);
        return new(row.Text(0), new LogVersion(row.BigInt(1)), row.Timestamp(2), row.Text(3));
    }
}
