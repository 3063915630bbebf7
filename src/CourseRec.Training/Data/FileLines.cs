using System.Globalization;

namespace CourseRec.Training.Data;

/// <summary>
/// A file's lines as bytes, without their ends and without a byte order mark; knows where it is when something is
/// wrong.
/// </summary>
internal sealed class FileLines(string path) : IDisposable
{
    private const int MaxLine = 16 * 1024 * 1024;

    private readonly FileStream _file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
    private byte[] _buffer = new byte[1024 * 1024];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>The line read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The next line that is not blank; false at the end of the file.</summary>
    /// <param name="line">Valid until the next call.</param>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (TryReadAny(out line))
            if (line.ContainsAnyExcept(" \t"u8))
                return true;
        return false;
    }

    /// <summary>An error in the line read last.</summary>
    public InteractionDataException Malformed(string what, Exception? inner = null) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{path}, line {Number}: {what}."), inner);

    public void Dispose() => _file.Dispose();

    private bool TryReadAny(out ReadOnlySpan<byte> line)
    {
        var searched = 0;
        int length;
        while ((length = _buffer.AsSpan((_start + searched).._end).IndexOf((byte)'\n')) < 0 && !_isAtEnd)
        {
            searched = _end - _start;
            Fill();
        }
        Number++;
        length = length < 0 ? _end - _start : searched + length;
        line = _buffer.AsSpan(_start, length);
        var isLine = _start < _end;
        _start = Math.Min(_start + length + 1, _end);
        if (Number == 1 && line.StartsWith("\uFEFF"u8))
            line = line[3..];
        if (line is [.. var text, (byte)'\r'])
            line = text;
        return isLine;
    }

    private void Fill()
    {
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
            Grow();
        var read = _file.Read(_buffer.AsSpan(_end));
        _isAtEnd = read == 0;
        _end += read;
    }

    private void Grow()
    {
        if (_buffer.Length >= MaxLine)
        {
            Number++;
            throw Malformed("it is longer than 16 MiB; is this a text file?");
        }
        Array.Resize(ref _buffer, _buffer.Length * 2);
    }
}
