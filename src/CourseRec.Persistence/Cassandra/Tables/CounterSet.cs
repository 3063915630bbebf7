using System.Buffers.Binary;
using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Models;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>
/// The rows of one change of the counters: cut into chunks, because a cell should stay well below a megabyte. The
/// checksum covers all of it and is part of every row's key, so that two writers' chunks never mix. The first chunk is
/// written last: a set without it was never finished.
/// </summary>
/// <param name="Base">The snapshot that the change builds on; a snapshot builds on itself.</param>
/// <param name="Version">The last record counted.</param>
/// <param name="Checksum">CRC-32C of everything.</param>
internal readonly record struct CounterSet(LogVersion Base, LogVersion Version, long Checksum)
{
    private const int ChunkBytes = 256 << 10;

    /// <summary>The rows of a change, in the order in which they are to be written.</summary>
    public static IEnumerable<(int Chunk, ReadOnlyMemory<byte> Data)> Cut(ReadOnlyMemory<byte> data)
    {
        for (var chunk = CountChunks(data.Length) - 1; chunk >= 0; chunk--)
        {
            var rest = data[(chunk * ChunkBytes)..];
            yield return (chunk, rest[..Math.Min(ChunkBytes, rest.Length)]);
        }
    }

    /// <summary>Rows that so many bytes take; at least one.</summary>
    public static int CountChunks(int bytes) => Math.Max(1, (bytes + ChunkBytes - 1) / ChunkBytes);

    /// <summary>The checksum of a change.</summary>
    public static long ChecksumOf(CounterChange change)
    {
        Span<byte> head = stackalloc byte[17];
        BinaryPrimitives.WriteInt64LittleEndian(head, change.Since.Value);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], change.Version.Value);
        head[16] = change.IsSnapshot ? (byte)1 : (byte)0;
        return ~Crc32C.Append(Crc32C.Append(uint.MaxValue, head), change.Data.Span);
    }
}
