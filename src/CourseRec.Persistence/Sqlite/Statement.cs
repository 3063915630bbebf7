using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CourseRec.Persistence.Sqlite;

/// <summary>
/// A statement prepared once and run many times. It calls the engine directly: a command object costs more an execution
/// than the engine's own work for one row.
/// </summary>
internal sealed class Statement : IDisposable
{
    private const int StackBytes = 512;
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    public Statement(SqliteConnection connection, string sql)
    {
        _connection = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_connection, sql, out _statement));
    }

    public Statement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, parameter, value));
        return this;
    }

    /// <summary>Binds a text; null as NULL.</summary>
    public Statement Bind(int parameter, string? value)
    {
        if (value is null)
        {
            Check(raw.sqlite3_bind_null(_statement, parameter));
            return this;
        }
        Span<byte> stack = stackalloc byte[StackBytes];
        var length =
            value.Length == 0 ? 0
            : Encoding.UTF8.TryGetBytes(value, stack, out var written) ? written
            : 0;
        Check(
            length == 0
                ? raw.sqlite3_bind_text(_statement, parameter, value)
                : raw.sqlite3_bind_text(_statement, parameter, stack[..length])
        );
        return this;
    }

    public Statement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        Check(
            value.IsEmpty
                ? raw.sqlite3_bind_zeroblob(_statement, parameter, 0)
                : raw.sqlite3_bind_blob(_statement, parameter, value)
        );
        return this;
    }

    /// <summary>Binds a number; NaN as NULL.</summary>
    public Statement Bind(int parameter, double value)
    {
        Check(
            double.IsNaN(value)
                ? raw.sqlite3_bind_null(_statement, parameter)
                : raw.sqlite3_bind_double(_statement, parameter, value)
        );
        return this;
    }

    /// <summary>Goes to the next row. False: there is none, and the statement is ready to run again.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
            return true;
        try
        {
            if (result != raw.SQLITE_DONE)
                Check(result);
            return false;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Runs a statement that answers no rows.</summary>
    public void Run() => Step();

    /// <summary>Reads every row. Whatever reading one throws, the statement is ready to run again.</summary>
    public List<T> ReadAll<T>(Func<Statement, T> read)
    {
        var all = new List<T>();
        try
        {
            while (Step())
                all.Add(read(this));
            return all;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>The id of the row that the connection inserted last.</summary>
    public long InsertedId => raw.sqlite3_last_insert_rowid(_connection);

    /// <summary>Leaves the rows that are left, and makes the statement ready to run again.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    /// <summary>A number; NaN for NULL.</summary>
    public double Double(int column) =>
        raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL
            ? double.NaN
            : raw.sqlite3_column_double(_statement, column);

    public void Dispose() => _statement.Dispose();

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _connection);
}
