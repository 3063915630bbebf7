using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CourseRec.Persistence.Sqlite;

/// <summary>Runs work as one transaction of a connection: all of it is done, or nothing.</summary>
internal sealed class Transaction(SqliteConnection connection, bool writes) : IDisposable
{
    // A writer takes its lock at once: one that begins as a reader could find that another process wrote in between.
    private readonly Statement _begin = new(connection, writes ? "BEGIN IMMEDIATE" : "BEGIN");
    private readonly Statement _commit = new(connection, "COMMIT");

    public T Run<T>(Func<T> work)
    {
        _begin.Run();
        try
        {
            var result = work();
            _commit.Run();
            return result;
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
    }

    // The engine rolls back by itself after some errors, a full disk among them.
    private void Rollback()
    {
        if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
            raw.sqlite3_exec(connection.Handle, "ROLLBACK");
    }
}
