using CourseRec.Actors.Ports;
using Microsoft.Data.Sqlite;

namespace CourseRec.Persistence.Sqlite;

/// <summary>Who owns which partition.</summary>
internal sealed class ClaimTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement _find = new(connection, "SELECT owner, epoch FROM claim WHERE partition = ?1");

    private readonly Statement _take = new(
        connection,
        """
        INSERT INTO claim (partition, owner, epoch) VALUES (?1, ?2, 1)
        ON CONFLICT DO UPDATE SET owner = excluded.owner, epoch = epoch + 1
        """
    );

    public PartitionClaim? Find(int partition)
    {
        if (!_find.Bind(1, partition).Step())
            return null;
        var found = new PartitionClaim(partition, _find.Text(0), _find.Long(1));
        _find.Reset();
        return found;
    }

    /// <summary>Gives a partition to an owner, with the next epoch.</summary>
    public PartitionClaim Take(int partition, string owner)
    {
        _take.Bind(1, partition).Bind(2, owner).Run();
        return Find(partition)!;
    }

    public void Dispose()
    {
        _find.Dispose();
        _take.Dispose();
    }
}
