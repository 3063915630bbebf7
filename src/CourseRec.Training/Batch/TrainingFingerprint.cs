using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CourseRec.Models.Sequential;

namespace CourseRec.Training.Batch;

/// <summary>Tells whether a checkpoint belongs to this data and these settings.</summary>
internal static class TrainingFingerprint
{
    /// <summary>
    /// Limits, threads and the device may differ between runs of one training; all else is part of it.
    /// </summary>
    public static string Of(
        SequentialConfig config,
        IReadOnlyList<string> courseIds,
        int[][] sequences,
        BatchTrainerOptions options
    )
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var fixedOptions = options with
        {
            Model = options.Model with { Threads = 1, Device = "", Fused = true },
            Epochs = 1,
            TimeLimit = null,
            Checkpoint = null,
            CheckpointEvery = default,
        };
        Text(hash, $"{config} {fixedOptions}");
        foreach (var id in courseIds)
            Text(hash, id);
        foreach (var sequence in sequences)
        {
            hash.AppendData(BitConverter.GetBytes(sequence.Length));
            hash.AppendData(MemoryMarshal.AsBytes(sequence.AsSpan()));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private static void Text(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }
}
