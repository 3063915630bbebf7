using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CourseRec.Training.Online;

/// <summary>
/// The training state beside a served model: a <see cref="SealedFile"/> that begins with <c>CourseRec online\n</c>;
/// behind the header the dense average (float32), libtorch's state and the sequences (int32).
/// </summary>
internal sealed record OnlineCheckpoint(OnlineHeader Header, float[] Dense, byte[] Native, int[] Sequences)
{
    /// <summary>The format that this version of CourseRec writes and reads.</summary>
    public const int Format = 1;

    private static readonly SealedFile OnDisk = new(
        [.. "CourseRec online\n"u8],
        Format,
        "CourseRec's training state does",
        Refused
    );

    /// <summary>
    /// Writes it beside the path and renames it there once it is on disk: an older one stays whole until then.
    /// </summary>
    public void Write(string path) =>
        OnDisk.Write(
            path,
            JsonSerializer.SerializeToUtf8Bytes(
                Header with
                {
                    DenseLength = Dense.Length,
                    NativeLength = Native.Length,
                },
                OnlineJson.Default.OnlineHeader
            ),
            put =>
            {
                put(MemoryMarshal.AsBytes(Dense.AsSpan()));
                put(Native);
                put(MemoryMarshal.AsBytes(Sequences.AsSpan()));
            }
        );

    /// <summary>Reads a checkpoint.</summary>
    /// <exception cref="InvalidDataException">It is no whole checkpoint of this format; the message names the file and
    /// what was found.</exception>
    public static OnlineCheckpoint Read(string path) => OnDisk.Read(path, Decode);

    /// <summary>What is thrown for a file that can't be used.</summary>
    public static InvalidDataException Refused(string path, string found) =>
        new($"'{path}' can't be resumed: {found}. Move it away to begin anew.");

    private static OnlineCheckpoint? Decode(ReadOnlySpan<byte> json, ReadOnlySpan<byte> rest)
    {
        if (JsonSerializer.Deserialize(json, OnlineJson.Default.OnlineHeader) is not { } header)
            return null;
        var dense = MemoryMarshal.Cast<byte, float>(rest[..checked(header.DenseLength * 4)]).ToArray();
        rest = rest[(header.DenseLength * 4)..];
        var native = rest[..header.NativeLength].ToArray();
        return new(header, dense, native, MemoryMarshal.Cast<byte, int>(rest[header.NativeLength..]).ToArray());
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
