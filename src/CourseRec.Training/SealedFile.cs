using System.Buffers.Binary;
using System.Text.Json;
using CourseRec.Models;

namespace CourseRec.Training;

/// <summary>
/// A file of training state: a line that says what it is, format (int32), header length (int32), header (JSON), the
/// rest, CRC-32C of all before; little-endian.
/// </summary>
/// <param name="first">Its first line, UTF-8, with the line's end.</param>
/// <param name="format">The format that this version of CourseRec writes and reads.</param>
/// <param name="kind">Completes “it does not begin as …” where the line is another.</param>
/// <param name="refused">What is thrown for a file (path, what was found) that can't be used.</param>
internal sealed class SealedFile(
    byte[] first,
    int format,
    string kind,
    Func<string, string, InvalidDataException> refused
)
{
    private const int ChecksumBytes = 4;

    private int HeadBytes => first.Length + 8;

    /// <summary>
    /// Writes it beside the path and renames it there once it is on disk: an older one stays whole until then.
    /// </summary>
    /// <param name="path">Where.</param>
    /// <param name="header">The header, JSON.</param>
    /// <param name="putRest">Puts the parts of the rest.</param>
    public void Write(string path, byte[] header, Action<Action<ReadOnlySpan<byte>>> putRest)
    {
        var beside = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var file = File.Create(beside))
            {
                WriteParts(file, header, putRest);
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    /// <summary>Reads a whole file; what decoding finds wrong refuses it too.</summary>
    /// <param name="path">Which.</param>
    /// <param name="decode">Makes the state of header and rest; null when the header is.</param>
    /// <exception cref="InvalidDataException">It is no whole file of this format; the message names the file and what
    /// was found.</exception>
    public T Read<T>(string path, Func<ReadOnlySpan<byte>, ReadOnlySpan<byte>, T?> decode)
        where T : class
    {
        if (new FileInfo(path).Length is var length and (> int.MaxValue - 64 or < 32))
            throw refused(path, $"it has {length} bytes");
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
        if (!bytes.StartsWith(first))
            throw refused(path, $"it does not begin as {kind}");
        var found = BinaryPrimitives.ReadInt32LittleEndian(bytes[first.Length..]);
        if (found != format)
            throw refused(path, $"it has format {found}, and this version of CourseRec reads format {format}");
        var content = bytes[..^ChecksumBytes];
        if (Crc32C.Of(content) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[^ChecksumBytes..]))
            throw refused(path, "its checksum is wrong: it is damaged or cut short");
        try
        {
            var headerLength = BinaryPrimitives.ReadInt32LittleEndian(content[(first.Length + 4)..]);
            var header = content.Slice(HeadBytes, headerLength);
            return decode(header, content[(HeadBytes + headerLength)..]) ?? throw refused(path, "its header is null");
        }
        catch (Exception e) when (e is JsonException or ArgumentException or OverflowException)
        {
            throw refused(path, e.Message.ReplaceLineEndings(" ").TrimEnd('.'));
        }
    }

    private void WriteParts(Stream file, byte[] header, Action<Action<ReadOnlySpan<byte>>> putRest)
    {
        var crc = uint.MaxValue;
        void Put(ReadOnlySpan<byte> part)
        {
            file.Write(part);
            crc = Crc32C.Append(crc, part);
        }
        var head = new byte[HeadBytes];
        first.CopyTo(head, 0);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(first.Length), format);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(first.Length + 4), header.Length);
        Put(head);
        Put(header);
        putRest(Put);
        Span<byte> checksum = stackalloc byte[ChecksumBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, ~crc);
        file.Write(checksum);
    }
}
