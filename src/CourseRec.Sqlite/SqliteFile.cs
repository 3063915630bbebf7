using Microsoft.Data.Sqlite;

namespace CourseRec.Sqlite;

/// <summary>
/// A SQLite file that belongs to CourseRec: opened in WAL mode, recognised by its application id, its format checked. A file
/// that is damaged, foreign or of a newer format is refused with its path and what to do, and never written to.
/// </summary>
public sealed class SqliteFile
{
    private const int SqliteFull = 13;
    private const int SqliteCorrupt = 11;
    private const int SqliteNotADatabase = 26;
    private readonly string _connectionString;

    private SqliteFile(string path)
    {
        Path = path;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString();
    }

    /// <summary>The file's full path.</summary>
    public string Path { get; }

    /// <summary>Opens a file, or makes a new one where there is none.</summary>
    /// <param name="path">The file. Its folder is made when missing.</param>
    /// <param name="format">What the file must be.</param>
    /// <exception cref="SqliteFileException">The file can't be used; the message says which, why and what to do.</exception>
    public static SqliteFile Open(string path, SqliteFormat format)
    {
        SqliteEngine.EnsureLoaded();
        var file = new SqliteFile(System.IO.Path.GetFullPath(path));
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file.Path)!);
            var isNew = !File.Exists(file.Path) || new FileInfo(file.Path).Length == 0;
            using var connection = file.Connect(SqliteDurability.Full);
            if (isNew || IsBlank(connection))
                Create(connection, format);
            else
                file.Verify(connection, format);
            return file;
        }
        catch (SqliteException e)
        {
            throw new SqliteFileException(file.Explain(e), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SqliteFileException($"{file.Path} can't be opened: {e.Message}", e);
        }
    }

    /// <summary>A new connection. Connections aren't pooled; the caller disposes of it.</summary>
    /// <param name="durability">Whether a commit waits for the disk.</param>
    public SqliteConnection Connect(SqliteDurability durability)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            connection.Run("PRAGMA busy_timeout = 10000");
            connection.Run($"PRAGMA synchronous = {(durability == SqliteDurability.Full ? "FULL" : "NORMAL")}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>One clear sentence for an engine error: which file, what happened, what to do.</summary>
    public string Explain(SqliteException e) =>
        e.SqliteErrorCode switch
        {
            SqliteNotADatabase =>
                $"{Path} is not a SQLite database. Move it away, or point the data directory elsewhere.",
            SqliteCorrupt =>
                $"{Path} is damaged ({e.Message}). Restore it from a backup, or move it away to start anew.",
            SqliteFull => $"{Path}: the disk is full. Free some space; nothing accepted was lost.",
            _ => $"{Path}: {e.Message}",
        };

    private static void Create(SqliteConnection connection, SqliteFormat format)
    {
        connection.Run("PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction();
        connection.Run(format.Schema);
        connection.Run($"PRAGMA application_id = {format.ApplicationId}");
        connection.Run($"PRAGMA user_version = {format.Version}");
        transaction.Commit();
    }

    /// <summary>Whether the file was being made when its process was killed: it is in WAL mode already, and holds nothing yet.</summary>
    private static bool IsBlank(SqliteConnection connection) =>
        connection.Read<long>("PRAGMA application_id") == 0
        && connection.Read<long>("PRAGMA user_version") == 0
        && connection.Read<long>("SELECT count(*) FROM sqlite_master") == 0;

    private void Verify(SqliteConnection connection, SqliteFormat format)
    {
        var application = connection.Read<long>("PRAGMA application_id");
        if (application != format.ApplicationId)
            throw new SqliteFileException(
                $"{Path} is not {format.Name}. Move it away, or point the data directory elsewhere; it was not changed."
            );
        var version = connection.Read<long>("PRAGMA user_version");
        if (version != format.Version)
            throw new SqliteFileException(
                $"{Path} has format {version}, this program reads format {format.Version}. Use the program that wrote it; it was not changed."
            );
        var check = connection.Read<string>("PRAGMA quick_check(1)");
        if (check != "ok")
            throw new SqliteFileException(
                $"{Path} is damaged ({check}). Restore it from a backup, or move it away to start anew; it was not changed."
            );
    }
}

/// <summary>What a file of CourseRec's is.</summary>
/// <param name="Name">As in “a CourseRec interaction log”.</param>
/// <param name="ApplicationId">Stored in the file's header.</param>
/// <param name="Version">The format's version.</param>
/// <param name="Schema">The statements that make a new file.</param>
public sealed record SqliteFormat(string Name, int ApplicationId, int Version, string Schema);

/// <summary>What a commit guarantees.</summary>
public enum SqliteDurability
{
    /// <summary>The commit survives a power failure.</summary>
    Full,

    /// <summary>The commit survives a crash of the process; after a power failure the file is consistent, but may be older.</summary>
    Normal,
}

/// <summary>A file can't be used; the message says which, why and what to do.</summary>
public sealed class SqliteFileException(string message, Exception? inner = null) : Exception(message, inner);
