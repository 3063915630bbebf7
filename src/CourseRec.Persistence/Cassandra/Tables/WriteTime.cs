using CourseRec.Actors.Ports;
using CourseRec.Persistence.Cassandra.Cql;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>
/// Every row that loses to a newer one is written <c>USING TIMESTAMP version</c>. A row whose <c>WRITETIME</c> is another was written by something
/// else, and with the server's clock it would win for ever: it is reported, not preferred.
/// </summary>
internal static class WriteTime
{
    /// <summary>Compares a cell's write time, selected into a column, with the version that the row says.</summary>
    /// <exception cref="PartitionStoppedException">They differ; the message names the row.</exception>
    public static void Check(CqlRows row, int column, long version, string what)
    {
        if (row.IsNull(column) || row.BigInt(column) != version)
            throw Damaged(
                what,
                $"its write time is {(row.IsNull(column) ? "missing" : row.BigInt(column))}, not {version}"
            );
    }

    /// <summary>What is stored can't have been written by this program.</summary>
    public static PartitionStoppedException Damaged(string what, string finding) =>
        new($"{what} was not written by CourseRec: {finding}. docs/operations-cassandra.md says how to take it out.");
}
