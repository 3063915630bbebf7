using System.Runtime.InteropServices;
using System.Text.Json;

namespace CourseRec.Training.Batch;

/// <summary>
/// A training on disk: a <see cref="SealedFile"/> that begins with <c>CourseRec checkpoint\n</c>; behind the header
/// the best parameters (float32) and the model's state.
/// </summary>
internal sealed record TrainingCheckpoint(TrainerState State, string Fingerprint, float[] Best, byte[] Model)
{
    /// <summary>The format that this version of CourseRec writes and reads.</summary>
    public const int Format = 1;

    private static readonly SealedFile OnDisk = new(
        [.. "CourseRec checkpoint\n"u8],
        Format,
        "a CourseRec checkpoint does",
        (path, found) => new($"'{path}' is not a checkpoint that can be resumed: {found}. Delete it to begin anew.")
    );

    /// <summary>
    /// Writes it beside the path and renames it there once it is on disk: an older one stays whole until then.
    /// </summary>
    public void Write(string path) =>
        OnDisk.Write(
            path,
            JsonSerializer.SerializeToUtf8Bytes(
                new CheckpointHeader(State, Fingerprint, Best.Length),
                CheckpointJson.Default.CheckpointHeader
            ),
            put =>
            {
                put(MemoryMarshal.AsBytes(Best.AsSpan()));
                put(Model);
            }
        );

    /// <summary>Reads a checkpoint.</summary>
    /// <exception cref="InvalidDataException">It is no whole checkpoint of this format; the message names the file and
    /// what was found.</exception>
    public static TrainingCheckpoint Read(string path) => OnDisk.Read(path, Decode);

    private static TrainingCheckpoint? Decode(ReadOnlySpan<byte> json, ReadOnlySpan<byte> rest)
    {
        if (JsonSerializer.Deserialize(json, CheckpointJson.Default.CheckpointHeader) is not { } header)
            return null;
        var best = MemoryMarshal.Cast<byte, float>(rest[..checked(header.BestLength * 4)]).ToArray();
        return new(header.State, header.Fingerprint, best, rest[(header.BestLength * 4)..].ToArray());
    }
}
