using System.Collections.Concurrent;
using CourseRec.Sqlite;

namespace CourseRec.Streams.Embedded;

/// <summary>Lends readers; a few are kept open, as opening one costs more than most reads.</summary>
internal sealed class ReaderPool(SqliteFile file) : IDisposable
{
    private const int MaxKept = 8;
    private readonly ConcurrentBag<LogReader> _idle = [];
    private volatile bool _isDisposed;

    /// <summary>Reads with a reader of its own. One that failed is not used again.</summary>
    public T Read<T>(Func<LogReader, T> read)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(EmbeddedLog));
        if (!_idle.TryTake(out var reader))
            reader = new(file);
        try
        {
            var result = read(reader);
            Return(reader);
            return result;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        while (_idle.TryTake(out var reader))
            reader.Dispose();
    }

    private void Return(LogReader reader)
    {
        if (_idle.Count >= MaxKept)
        {
            reader.Dispose();
            return;
        }
        _idle.Add(reader);
        if (_isDisposed)
            Dispose();
    }
}
