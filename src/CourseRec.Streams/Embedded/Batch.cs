using System.Buffers.Binary;
using CourseRec.Models;

namespace CourseRec.Streams.Embedded;

/// <summary>Records of one partition that were committed together: one row of the file.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Base">The first record's offset.</param>
/// <param name="Count">How many there are; their offsets are contiguous.</param>
/// <param name="FirstAt">When the first was accepted, Unix milliseconds.</param>
/// <param name="HighAt">The latest acceptance time in the partition so far, Unix milliseconds.</param>
/// <param name="BytesThrough">Bytes of records ever appended to the partition, this batch's included.</param>
/// <param name="Records">The records, as <see cref="BatchCodec"/> writes them. Never changed.</param>
internal sealed record Batch(
    int Partition,
    long Base,
    int Count,
    long FirstAt,
    long HighAt,
    long BytesThrough,
    byte[] Records
)
{
    public long End => Base + Count;

    public long Place => EmbeddedLogSchema.PlaceOf(Partition, Base);

    /// <summary>CRC-32C over the batch's numbers and records.</summary>
    public uint Checksum()
    {
        Span<byte> numbers = stackalloc byte[40];
        BinaryPrimitives.WriteInt64LittleEndian(numbers, Place);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[8..], Count);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[16..], FirstAt);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[24..], HighAt);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[32..], BytesThrough);
        return ~Crc32C.Append(Crc32C.Append(uint.MaxValue, numbers), Records);
    }
}
