using CourseRec.Actors.Ports;
using CourseRec.Cql;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>
/// Every row that loses to a newer one is written <c>USING TIMESTAMP version</c>. A row whose <c>WRITETIME</c> is
/// another was written by something else, and with the server's clock it would win for ever: it is reported, not
/// preferred.
/// </summary>
internal static class WriteTime
{
    /// <summary>Compares a cell's write time, selected into a column, with the version that the row says.</summary>
    /// <exception cref="PartitionStoppedException">They differ; the message names the row.</exception>
    public static void Check(CqlRows row, int column, long version, string what)
    {
        if (Differs(row, column, version) is { } finding)
            throw Damaged(what, finding);
    }

    /// <summary>How a cell's write time differs from the version that the row says; null when it does not.</summary>
    public static string? Differs(CqlRows row, int column, long version) =>
        !row.IsNull(column) && row.BigInt(column) == version
            ? null
            : $"its write time is {(row.IsNull(column) ? "missing" : row.BigInt(column))}, not {version}";

    /// <summary>What is stored can't have been written by this program.</summary>
    public static PartitionStoppedException Damaged(string what, string finding) =>
        new($"{what} {Say(finding)}. docs/operations-cassandra.md says how to take it out.");

    /// <summary>What tells that something else wrote a row.</summary>
    public static string Say(string finding) => $"was not written by CourseRec: {finding}";
}
