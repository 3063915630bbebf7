using CourseRec.Sqlite;

namespace CourseRec.Streams.Embedded;

/// <summary>
/// Keeps a file to one user: a lock of the operating system on <c>PATH.lock</c>, which ends with the process, however
/// it ends.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private const int WouldBlock = 11; // EAGAIN, which .NET reports on Linux when another one holds the file.
    private readonly FileStream _stream;

    private FileLock(FileStream stream) => _stream = stream;

    /// <exception cref="SqliteFileException">The file is in use, or can't be locked.</exception>
    public static FileLock Take(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new(new($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            throw new SqliteFileException(
                $"{path} is in use by another process. Stop it, or point the data directory elsewhere.",
                e
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SqliteFileException($"{path} can't be locked for use: {e.Message}", e);
        }
    }

    public void Dispose() => _stream.Dispose();
}
