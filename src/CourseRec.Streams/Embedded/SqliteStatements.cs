using Microsoft.Data.Sqlite;

namespace CourseRec.Streams.Embedded;

/// <summary>Statements that run again and again.</summary>
internal static class SqliteStatements
{
    /// <summary>Compiles a statement; its parameters are named in the order in which they will be bound.</summary>
    public static SqliteCommand Statement(
        this SqliteConnection connection,
        string sql,
        params ReadOnlySpan<string> parameters
    )
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
            command.Parameters.Add(new SqliteParameter(name, null));
        command.Prepare();
        return command;
    }

    /// <summary>Binds every parameter.</summary>
    public static SqliteCommand Bind(this SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command;
    }

    public static byte[] GetBytes(this SqliteDataReader row, int column) => row.GetFieldValue<byte[]>(column);
}
