using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CourseRec.Models.Sequential;

/// <summary>
/// A model on disk: <c>CourseRec model\n</c>, format (int32), header length (int32), header (JSON: shape, courses,
/// version, metrics, training), parameters (float32), CRC-32C of all before; little-endian.
/// </summary>
public static class SequentialModelFile
{
    /// <summary>The format that this version of CourseRec writes and reads.</summary>
    public const int Format = 1;

    /// <summary>A larger file is refused unread, bytes.</summary>
    public const long MaxBytes = 1L << 30;

    private const int ChecksumBytes = 4;

    private static ReadOnlySpan<byte> Magic => "CourseRec model\n"u8;

    private static int HeadBytes => Magic.Length + 8;

    /// <summary>
    /// Writes a model beside the path and renames it there once it is on disk: an older file stays whole until then.
    /// </summary>
    /// <exception cref="ArgumentException">A parameter or a metric is not finite, or the file would exceed
    /// <see cref="MaxBytes"/>.</exception>
    public static void Write(string path, SavedSequentialModel model)
    {
        var bytes = Encode(model);
        var beside = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var file = File.Create(beside))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">It is no whole model of this format; the message names the file and what
    /// was found.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static SavedSequentialModel Read(string path)
    {
        var length = new FileInfo(path).Length;
        if (length > MaxBytes)
            throw Refused(path, $"it has {length} bytes, more than the {MaxBytes} that are read");
        return Decode(File.ReadAllBytes(path), path);
    }

    /// <summary>The bytes of a model file.</summary>
    /// <exception cref="ArgumentException">A parameter or a metric is not finite, or the file would exceed
    /// <see cref="MaxBytes"/>.</exception>
    public static byte[] Encode(SavedSequentialModel model)
    {
        var parameters = model.Parameters;
        if (FirstNotFinite(parameters.Values) is var bad and >= 0)
            throw new ArgumentException(
                $"Parameter {bad} of the model is {parameters.Values[bad]}; nothing was written."
            );
        var header = JsonSerializer.SerializeToUtf8Bytes(
            new(parameters.Config, parameters.CourseIds, model.Version, model.Metrics, model.Training),
            SequentialModelJson.Default.SequentialModelHeader
        );
        var values = MemoryMarshal.AsBytes(parameters.Values.AsSpan());
        var length = HeadBytes + header.Length + (long)values.Length + ChecksumBytes;
        if (length > MaxBytes)
            throw new ArgumentException($"The model would take {length} bytes; a file has at most {MaxBytes}.");
        var bytes = new byte[length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Magic.Length), Format);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Magic.Length + 4), header.Length);
        header.CopyTo(bytes, HeadBytes);
        values.CopyTo(bytes.AsSpan(HeadBytes + header.Length));
        var checksum = Crc32C.Of(bytes.AsSpan(..^ChecksumBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(^ChecksumBytes..), checksum);
        return bytes;
    }

    /// <summary>Reads the bytes of a model file called <paramref name="name"/>.</summary>
    /// <exception cref="InvalidDataException">They are no whole model of this format; the message says what was
    /// found.</exception>
    public static SavedSequentialModel Decode(ReadOnlySpan<byte> bytes, string name)
    {
        var content = Content(bytes, name);
        var headerLength = BinaryPrimitives.ReadInt32LittleEndian(content[(Magic.Length + 4)..]);
        if (headerLength < 0 || headerLength > content.Length - HeadBytes)
            throw Refused(name, $"its header length is {headerLength}");
        var values = content[(HeadBytes + headerLength)..];
        try
        {
            var header = JsonSerializer.Deserialize(
                content.Slice(HeadBytes, headerLength),
                SequentialModelJson.Default.SequentialModelHeader
            );
            return header is null
                ? throw Refused(name, "its header is null")
                : new(Parameters(header, values), header.Version, header.Metrics, header.Training);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw Refused(name, e.Message.TrimEnd('.'));
        }
    }

    /// <summary>All but the checksum, once everything that guards it is found right.</summary>
    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> bytes, string name)
    {
        if (!bytes.StartsWith(Magic))
            throw Refused(name, "it does not begin as a CourseRec model does");
        if (bytes.Length < HeadBytes + ChecksumBytes)
            throw Refused(name, $"it ends after {bytes.Length} bytes");
        var format = BinaryPrimitives.ReadInt32LittleEndian(bytes[Magic.Length..]);
        if (format != Format)
            throw Refused(name, $"it has format {format}, and this version of CourseRec reads format {Format}");
        var content = bytes[..^ChecksumBytes];
        return Crc32C.Of(content) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[^ChecksumBytes..])
            ? content
            : throw Refused(name, "its checksum is wrong: it is damaged or cut short");
    }

    private static SequentialParameters Parameters(SequentialModelHeader header, ReadOnlySpan<byte> bytes)
    {
        var length = ParameterLayout.Of(header.Config, header.Courses.Count).Length;
        if (bytes.Length != 4L * length)
            throw new ArgumentException($"it has {bytes.Length} bytes of parameters; its shape needs {4L * length}");
        var values = new float[length];
        bytes.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        if (FirstNotFinite(values) is var bad and >= 0)
            throw new ArgumentException($"its parameter {bad} is {values[bad]}");
        return new(header.Config, header.Courses, values);
    }

    private static int FirstNotFinite(float[] values) => Array.FindIndex(values, value => !float.IsFinite(value));

    private static InvalidDataException Refused(string name, string found) =>
        new($"'{name}' is not a model that can be read: {found}.");
}
