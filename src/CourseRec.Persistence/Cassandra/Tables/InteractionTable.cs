using System.Runtime.CompilerServices;
using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Cql;
using CourseRec.Models.Interactions;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>
/// Interactions by user. A row's version is its write time, whenever it is written: deleting up to a version is one
/// tombstone for the user, and hides rows that come late.
/// </summary>
internal sealed class InteractionTable
{
    private readonly CqlCluster _cluster;
    private readonly CqlStatement _list;
    private readonly CqlStatement _add;
    private readonly CqlStatement _addWithValue;
    private readonly CqlStatement _delete;
    private readonly int _ttl;

    private InteractionTable(
        CqlCluster cluster,
        CqlStatement list,
        CqlStatement add,
        CqlStatement addWithValue,
        CqlStatement delete,
        TimeSpan ttl
    ) =>
        (_cluster, _list, _add, _addWithValue, _delete, _ttl) = (
            cluster,
            list,
            add,
            addWithValue,
            delete,
            (int)ttl.TotalSeconds
        );

    public static async Task<InteractionTable> PrepareAsync(
        CqlCluster cluster,
        TimeSpan ttl,
        CancellationToken cancel
    ) =>
        new(
            cluster,
            await cluster.PrepareAsync(
                "SELECT version, event_id, course, type, value, time, WRITETIME(event_id) FROM interaction WHERE "
                    + "user = ?",
                [0],
                cancel
            ),
            // Two statements: a null would be stored, as a tombstone.
            await cluster.PrepareAsync(
                "INSERT INTO interaction (user, version, event_id, course, type, time) VALUES (?, ?, ?, ?, ?, ?) "
                    + "USING TIMESTAMP ? AND TTL ?",
                [0],
                cancel
            ),
            await cluster.PrepareAsync(
                "INSERT INTO interaction (user, version, event_id, course, type, time, value) VALUES (?, ?, ?, ?, "
                    + "?, ?, ?) USING TIMESTAMP ? AND TTL ?",
                [0],
                cancel
            ),
            await cluster.PrepareAsync("DELETE FROM interaction USING TIMESTAMP ? WHERE user = ?", [1], cancel),
            ttl
        );

    /// <summary>The write of one.</summary>
    public CqlBound Add(string user, in StoredInteraction interaction)
    {
        var hasValue = !double.IsNaN(interaction.Value);
        var row = (hasValue ? _addWithValue : _add).Bind().Text(user).BigInt(interaction.Version.Value);
        row.Text(interaction.EventId).Text(interaction.Course);
        row.Int((int)interaction.Type).Timestamp(interaction.Time);
        if (hasValue)
            row.Double(interaction.Value);
        return row.BigInt(interaction.Version.Value).Int(_ttl);
    }

    /// <summary>The deletion of a user's up to a version.</summary>
    public CqlBound Delete(string user, LogVersion upTo) => _delete.Bind().BigInt(upTo.Value).Text(user);

    /// <summary>A user's that came after a version.</summary>
    public async IAsyncEnumerable<StoredInteraction> ListAsync(
        string user,
        LogVersion after,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        await foreach (var page in _cluster.PageAsync(_list.Bind().Text(user), cancel: cancel))
        {
            while (page.Read())
            {
                var version = new LogVersion(page.BigInt(0));
                WriteTime.Check(page, 6, version.Value, $"the stored interaction {version} of user {user}");
                if (version > after)
                    yield return Read(page, version);
            }
        }
    }

    private static StoredInteraction Read(CqlRows row, LogVersion version) =>
        new(
            version,
            row.Text(1),
            row.Text(2),
            (InteractionType)row.Int(3),
            row.IsNull(4) ? double.NaN : row.Double(4),
            row.Timestamp(5)
        );
}
