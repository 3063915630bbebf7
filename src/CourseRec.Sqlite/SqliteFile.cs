using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace CourseRec.Sqlite;

/// <summary>
/// A SQLite file that belongs to CourseRec: opened in WAL mode, recognised by its application id, its format checked.
/// A file that is damaged, foreign or of a newer format is refused with its path and what to do, and never written to.
/// </summary>
public sealed class SqliteFile
{
    private const int HeaderBytes = 100;
    private const int ApplicationIdOffset = 68;
    private const int SqliteBusy = 5;
    private const int SqliteReadOnly = 8;
    private const int SqliteIoError = 10;
    private const int SqliteFull = 13;
    private const int SqliteCannotOpen = 14;
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
    /// <exception cref="SqliteFileException">The file can't be used; the message says which, why and what to
    /// do.</exception>
    public static SqliteFile Open(string path, SqliteFormat format)
    {
        var file = new SqliteFile(System.IO.Path.GetFullPath(path));
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file.Path)!);
            file.RefuseForeign(format);
            using var connection = file.Connect(SqliteDurability.Full);
            if (connection.Read<long>("PRAGMA page_count") == 0)
                Create(connection, format);
            file.Upgrade(connection, format);
            file.Verify(connection, format);
            connection.Run("PRAGMA journal_mode = WAL");
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

    /// <summary>Whether an engine error says that the file's content is damaged: trying again can't help.</summary>
    public static bool IsDamage(SqliteException e) => e.SqliteErrorCode is SqliteCorrupt or SqliteNotADatabase;

    /// <summary>One clear sentence for an engine error: which file, what happened, what to do.</summary>
    public string Explain(SqliteException e) =>
        e.SqliteErrorCode switch
        {
            SqliteNotADatabase =>
                $"{Path} is not a SQLite database. Move it away, or point the data directory elsewhere.",
            SqliteCorrupt =>
                $"{Path} is damaged ({e.Message}). Restore it from a backup, or move it away to start anew.",
            SqliteBusy => $"{Path} is in use by another process. Stop that process, or wait until it is done.",
            SqliteReadOnly or SqliteCannotOpen =>
                $"{Path} can't be written ({e.Message}). Let this user write the file and its folder.",
            SqliteIoError =>
                $"{Path} can't be read or written ({e.Message}). Check the disk; nothing accepted was lost.",
            SqliteFull => $"{Path}: the disk is full. Free some space; nothing accepted was lost.",
            _ => $"{Path}: {e.Message}",
        };

    // Made in one transaction and before the write-ahead log: a process killed here leaves a file that is either empty
    // or whole.
    private static void Create(SqliteConnection connection, SqliteFormat format)
    {
        connection.Run($"PRAGMA page_size = {format.PageBytes}");
        using var transaction = connection.BeginTransaction();
        var madeMeanwhile = connection.Read<long>("PRAGMA schema_version") != 0;
        if (madeMeanwhile)
            return;
        connection.Run(format.Schema);
        connection.Run($"PRAGMA application_id = {format.ApplicationId}");
        connection.Run($"PRAGMA user_version = {format.Version}");
        transaction.Commit();
    }

    // Reads the header without the engine, which would tidy up after another program's crash as soon as it opens the
    // file.
    private void RefuseForeign(SqliteFormat format)
    {
        if (!File.Exists(Path))
            return;
        var header = new byte[HeaderBytes];
        using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var length = stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false);
        if (length == 0)
            return;
        if (length < HeaderBytes || !header.AsSpan().StartsWith("SQLite format 3\0"u8))
            throw new SqliteFileException(
                $"{Path} is not a SQLite database. Move it away, or point the data directory elsewhere; it was not "
                    + "changed."
            );
        if (BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(ApplicationIdOffset)) != format.ApplicationId)
            throw new SqliteFileException(
                $"{Path} is not {format.Name}. Move it away, or point the data directory elsewhere; it was not changed."
            );
    }

    // Checked first: a damaged file is not changed.
    private void Upgrade(SqliteConnection connection, SqliteFormat format)
    {
        var version = connection.Read<long>("PRAGMA user_version");
        if (version < 1 || version >= format.Version || format.Version - version > format.Upgrades.Count)
            return;
        CheckWhole(connection);
        using var transaction = connection.BeginTransaction();
        foreach (var upgrade in format.Upgrades.TakeLast((int)(format.Version - version)))
            connection.Run(upgrade);
        connection.Run($"PRAGMA user_version = {format.Version}");
        transaction.Commit();
    }

    private void Verify(SqliteConnection connection, SqliteFormat format)
    {
        var version = connection.Read<long>("PRAGMA user_version");
        if (version != format.Version)
            throw new SqliteFileException(
                $"{Path} has format {version}, this program reads format {format.Version}. Use the program that "
                    + "wrote it; it was not changed."
            );
        CheckWhole(connection);
    }

    private void CheckWhole(SqliteConnection connection)
    {
        var check = connection.Read<string>("PRAGMA quick_check(1)");
        if (check != "ok")
            throw new SqliteFileException(
                $"{Path} is damaged ({check}). Restore it from a backup, or move it away to start anew; it was not "
                    + "changed."
            );
    }
}

/// <summary>What a file of CourseRec's is.</summary>
/// <param name="Name">As in “a CourseRec interaction log”.</param>
/// <param name="ApplicationId">Stored in the file's header.</param>
/// <param name="Version">The format's version.</param>
/// <param name="Schema">The statements that make a new file.</param>
public sealed record SqliteFormat(string Name, int ApplicationId, int Version, string Schema)
{
    /// <summary>The page size of a new file, in bytes: a power of two from 512 to 65,536.</summary>
    public int PageBytes { get; init; } = 4096;

    /// <summary>
    /// The statements that bring a file from one version to the next; the last ones lead to <see cref="Version"/>.
    /// </summary>
    public IReadOnlyList<string> Upgrades { get; init; } = [];
}

/// <summary>What a commit guarantees.</summary>
public enum SqliteDurability
{
    /// <summary>The commit survives a power failure.</summary>
    Full,

    /// <summary>
    /// The commit survives a crash of the process; after a power failure the file is consistent, but may be older.
    /// </summary>
    Normal,
}

/// <summary>A file can't be used; the message says which, why and what to do.</summary>
public sealed class SqliteFileException(string message, Exception? inner = null) : Exception(message, inner);
