using Microsoft.Data.Sqlite;

namespace CourseRec.Sqlite;

/// <summary>Short forms for statements that run once.</summary>
public static class SqliteConnectionExtensions
{
    /// <summary>Runs statements.</summary>
    public static int Run(
        this SqliteConnection connection,
        string sql,
        params ReadOnlySpan<(string Name, object Value)> parameters
    )
    {
        using var command = connection.Prepare(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Reads the first column of the first row; default when there is none.</summary>
    public static T? Read<T>(
        this SqliteConnection connection,
        string sql,
        params ReadOnlySpan<(string Name, object Value)> parameters
    )
    {
        using var command = connection.Prepare(sql, parameters);
        return command.ExecuteScalar() is T value ? value : default;
    }

    private static SqliteCommand Prepare(
        this SqliteConnection connection,
        string sql,
        ReadOnlySpan<(string Name, object Value)> parameters
    )
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}
