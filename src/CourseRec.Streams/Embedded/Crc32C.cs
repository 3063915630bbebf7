using System.Numerics;
using System.Runtime.InteropServices;

namespace CourseRec.Streams.Embedded;

/// <summary>CRC-32C (Castagnoli), eight bytes a step with the processor's own instruction.</summary>
internal static class Crc32C
{
    /// <summary>Carries a checksum on. Start with all ones; the checksum is the last value's complement.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(data);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, word);
        foreach (var last in data[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, last);
        return crc;
    }
}
