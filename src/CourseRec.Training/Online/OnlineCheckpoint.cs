using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using CourseRec.Models;

namespace CourseRec.Training.Online;

/// <summary>
/// The training state beside a served model: <c>CourseRec online\n</c>, format (int32), header length (int32), header (JSON), the dense
/// average (float32), libtorch's state, sequences (int32), CRC-32C of all before; little-endian.
/// </summary>
internal sealed record OnlineCheckpoint(OnlineHeader Header, float[] Dense, byte[] Native, int[] Sequences)
{
    /// <summary>The format that this version of CourseRec writes and reads.</summary>
    public const int Format = 1;

    private const int ChecksumBytes = 4;

    private static ReadOnlySpan<byte> Magic => "CourseRec online\n"u8;

    private static int HeadBytes => Magic.Length + 8;

    /// <summary>Writes it beside the path and renames it there once it is on disk: an older one stays whole until then.</summary>
    public void Write(string path)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(
            Header with
            {
                DenseLength = Dense.Length,
                NativeLength = Native.Length,
            },
            OnlineJson.Default.OnlineHeader
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
    public static OnlineCheckpoint Read(string path)
    {
        if (new FileInfo(path).Length is var length and (> int.MaxValue - 64 or < 32))
            throw Refused(path, $"it has {length} bytes");
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
        if (!bytes.StartsWith(Magic))
            throw Refused(path, "it does not begin as CourseRec's training state does");
        var format = BinaryPrimitives.ReadInt32LittleEndian(bytes[Magic.Length..]);
        if (format != Format)
            throw Refused(path, $"it has format {format}, and this version of CourseRec reads format {Format}");
        var content = bytes[..^ChecksumBytes];
        if (Crc32C.Of(content) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[^ChecksumBytes..]))
            throw Refused(path, "its checksum is wrong: it is damaged or cut short");
        return Decode(content, path);
    }

    /// <summary>What is thrown for a file that can't be used.</summary>
    public static InvalidDataException Refused(string path, string found) =>
        new($"'{path}' can't be resumed: {found}. Move it away to begin anew.");

    private static OnlineCheckpoint Decode(ReadOnlySpan<byte> content, string path)
    {
        try
        {
            var headerLength = BinaryPrimitives.ReadInt32LittleEndian(content[(Magic.Length + 4)..]);
            var header =
                JsonSerializer.Deserialize(content.Slice(HeadBytes, headerLength), OnlineJson.Default.OnlineHeader)
                ?? throw Refused(path, "its header is null");
            var rest = content[(HeadBytes + headerLength)..];
            var dense = MemoryMarshal.Cast<byte, float>(rest[..checked(header.DenseLength * 4)]).ToArray();
            rest = rest[(header.DenseLength * 4)..];
            var native = rest[..header.NativeLength].ToArray();
            return new(header, dense, native, MemoryMarshal.Cast<byte, int>(rest[header.NativeLength..]).ToArray());
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
        Put(MemoryMarshal.AsBytes(Dense.AsSpan()));
        Put(Native);
        Put(MemoryMarshal.AsBytes(Sequences.AsSpan()));
        Span<byte> checksum = stackalloc byte[ChecksumBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, ~crc);
        file.Write(checksum);
    }
}

/// <summary>The JSON part of a training state.</summary>
/// <param name="Model">The version of the model that served, which this state goes on from.</param>
/// <param name="ModelFile">Its file, beside this one.</param>
/// <param name="Frozen">The version of the frozen model; null: there was none.</param>
/// <param name="FrozenFile">Its file.</param>
/// <param name="Number">How many models were published.</param>
/// <param name="Age">Steps since it began from nothing.</param>
/// <param name="Scale">What roll-backs left of the rate.</param>
/// <param name="Averaged">How many values went into the dense average.</param>
/// <param name="SeenUsers">Users ever offered to the replay buffer.</param>
/// <param name="SeenHeldOut">Held-out examples ever seen.</param>
/// <param name="DenseLength">Values of the dense average.</param>
/// <param name="NativeLength">Bytes of libtorch's state.</param>
internal sealed record OnlineHeader(
    string Model,
    string ModelFile,
    string? Frozen,
    string? FrozenFile,
    long Number,
    long Age,
    double Scale,
    int Averaged,
    long SeenUsers,
    long SeenHeldOut,
    int DenseLength = 0,
    int NativeLength = 0
);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(OnlineHeader))]
internal sealed partial class OnlineJson : JsonSerializerContext;
