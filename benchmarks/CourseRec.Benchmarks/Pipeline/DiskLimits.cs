using System.Diagnostics;
using CourseRec.Sqlite;

namespace CourseRec.Benchmarks.Pipeline;

/// <summary>What this machine's disk and SQLite allow, measured in the same run as what is compared with it.</summary>
/// <param name="InsertsPerSecond">Rows of 200 bytes into one SQLite table, in durable transactions of 1,000.</param>
/// <param name="SyncsPerSecond">Durable one-row transactions.</param>
internal sealed record DiskLimits(double InsertsPerSecond, double SyncsPerSecond)
{
    private const int RowsPerTransaction = 1000;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1.5);
    private static readonly SqliteFormat Format = new(
        "a CourseRec benchmark file",
        0x43524232,
        1,
        "CREATE TABLE record (id INTEGER PRIMARY KEY, value BLOB NOT NULL)"
    );

    /// <summary>Measures for some seconds, in a folder that is removed afterwards.</summary>
    public static DiskLimits Measure()
    {
        using var folder = new TemporaryFolder();
        var file = SqliteFile.Open(folder.File("limit.db"), Format);
        return new(Rate(file, RowsPerTransaction), Rate(file, 1));
    }

    private static double Rate(SqliteFile file, int rowsPerTransaction)
    {
        using var connection = file.Connect(SqliteDurability.Full);
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO record (value) VALUES ($value)";
        insert.Parameters.AddWithValue("$value", new byte[200]);
        var watch = Stopwatch.StartNew();
        var rows = 0L;
        while (watch.Elapsed < Duration)
        {
            using var transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            for (var i = 0; i < rowsPerTransaction; i++)
                insert.ExecuteNonQuery();
            transaction.Commit();
            rows += rowsPerTransaction;
        }
        return rows / watch.Elapsed.TotalSeconds;
    }
}
