using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using CourseRec.Models;

namespace CourseRec.Training.Batch;

/// <summary>
/// A training on disk: <c>CourseRec checkpoint\n</c>, format (int32), header length (int32), header (JSON), the best
/// parameters (float32), the model's state, CRC-32C of all before; little-endian.
/// </summary>
internal sealed record TrainingCheckpoint(TrainerState State, string Fingerprint, float[] Best, byte[] Model)
{
    /// <summary>The format that this version of CourseRec writes and reads.</summary>
    public const int Format = 1;

    private const int ChecksumBytes = 4;

    private static ReadOnlySpan<byte> Magic => "CourseRec checkpoint\n"u8;

    private static int HeadBytes => Magic.Length + 8;

    /// <summary>Writes it beside the path and renames it there once it is on disk: an older one stays whole until then.</summary>
    public void Write(string path)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(
            new CheckpointHeader(State, Fingerprint, Best.Length),
            CheckpointJson.Default.CheckpointHeader
        );
        var head = new byte[HeadBytes];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(Magic.Length), Format);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(Magic.Length + 4), header.Length);
        var beside = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var file = File.Create(beside))
            {
                WriteParts(file, head, header);
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <exception cref="InvalidDataException">It is no whole checkpoint of this format; the message names the file and what was found.</exception>
    public static TrainingCheckpoint Read(string path)
    {
        if (new FileInfo(path).Length is var length and (> int.MaxValue - 64 or < 32))
            throw Refused(path, $"it has {length} bytes");
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
        if (!bytes.StartsWith(Magic))
            throw Refused(path, "it does not begin as a CourseRec checkpoint does");
        var format = BinaryPrimitives.ReadInt32LittleEndian(bytes[Magic.Length..]);
        if (format != Format)
            throw Refused(path, $"it has format {format}, and this version of CourseRec reads format {Format}");
        var content = bytes[..^ChecksumBytes];
        if (Crc32C.Of(content) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[^ChecksumBytes..]))
            throw Refused(path, "its checksum is wrong: it is damaged or cut short");
        return Decode(content, path);
    }

    private static TrainingCheckpoint Decode(ReadOnlySpan<byte> content, string path)
    {
        try
        {
            var headerLength = BinaryPrimitives.ReadInt32LittleEndian(content[(Magic.Length + 4)..]);
            var header =
                JsonSerializer.Deserialize(
                    content.Slice(HeadBytes, headerLength),
                    CheckpointJson.Default.CheckpointHeader
                ) ?? throw Refused(path, "its header is null");
            var rest = content[(HeadBytes + headerLength)..];
            var best = MemoryMarshal.Cast<byte, float>(rest[..checked(header.BestLength * 4)]).ToArray();
            return new(header.State, header.Fingerprint, best, rest[(header.BestLength * 4)..].ToArray());
        }
        catch (Exception e) when (e is JsonException or ArgumentException or OverflowException)
        {
            throw Refused(path, e.Message.ReplaceLineEndings(" ").TrimEnd('.'));
        }
    }

    private void WriteParts(Stream file, byte[] head, byte[] header)
    {
        var crc = uint.MaxValue;
        void Put(ReadOnlySpan<byte> part)
        {
            file.Write(part);
            crc = Crc32C.Append(crc, part);
        }
        Put(head);
        Put(header);
        Put(MemoryMarshal.AsBytes(Best.AsSpan()));
        Put(Model);
        Span<byte> checksum = stackalloc byte[ChecksumBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, ~crc);
        file.Write(checksum);
    }

    private static InvalidDataException Refused(string path, string found) =>
        new($"'{path}' is not a checkpoint that can be resumed: {found}. Delete it to begin anew.");
}
