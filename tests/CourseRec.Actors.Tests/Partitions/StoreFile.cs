using CourseRec.Actors.Ports;
using Microsoft.Data.Sqlite;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>What somebody does to a store by hand.</summary>
internal static class StoreFile
{
    /// <summary>Changes one row.</summary>
    public static void Run(DataFolder folder, string sql, params (string Name, object Value)[] parameters) =>
        Assert.Equal(1, Change(folder, sql, parameters));

    /// <summary>Changes rows; answers how many.</summary>
    public static int Change(DataFolder folder, string sql, params (string Name, object Value)[] parameters)
    {
        using var connection = new SqliteConnection($"Data Source={folder.Store};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command.ExecuteNonQuery();
    }

    /// <summary>Keeps a store from writing, as another process does that writes to its file; until disposed.</summary>
    public static IDisposable Lock(DataFolder folder)
    {
        var connection = new SqliteConnection($"Data Source={folder.Store};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }

    /// <summary>Puts a session's row back as it was.</summary>
    public static void Mend(DataFolder folder, StoredSession backup) =>
        Run(
            folder,
            "UPDATE session SET version = @version, blob = @blob WHERE user = @user",
            ("@version", backup.Version.Value),
            ("@blob", backup.Blob.ToArray()),
            ("@user", backup.User)
        );
}
