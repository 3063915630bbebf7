using System.Buffers.Binary;
using System.Numerics;

namespace CourseRec.Cql.Topology;

/// <summary>
/// The token of a partition key under Cassandra's Murmur3Partitioner: the first half of MurmurHash3 x64 128 (Austin
/// Appleby, public domain), but that Cassandra takes the bytes after the last whole block as signed.
/// </summary>
internal static class Murmur3Token
{
    private const ulong C1 = 0x87c37b91114253d5;
    private const ulong C2 = 0x4cf5ad432745937f;

    public static long Of(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty)
            return long.MinValue;
        ulong h1 = 0,
            h2 = 0;
        var rest = key;
        for (; rest.Length >= 16; rest = rest[16..])
        {
            h1 ^= MixFirst(BinaryPrimitives.ReadUInt64LittleEndian(rest));
            h1 = (BitOperations.RotateLeft(h1, 27) + h2) * 5 + 0x52dce729;
            h2 ^= MixSecond(BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]));
            h2 = (BitOperations.RotateLeft(h2, 31) + h1) * 5 + 0x38495ab5;
        }
        if (rest.Length > 8)
            h2 ^= MixSecond(Tail(rest[8..]));
        if (rest.Length > 0)
            h1 ^= MixFirst(Tail(rest[..Math.Min(rest.Length, 8)]));
        h1 ^= (ulong)key.Length;
        h2 ^= (ulong)key.Length;
        h1 += h2;
        h2 += h1;
        var token = (long)(Finish(h1) + Finish(h2));
        return token == long.MinValue ? long.MaxValue : token;
    }

    private static ulong Tail(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var i = 0; i < bytes.Length; i++)
            value ^= (ulong)(sbyte)bytes[i] << (8 * i);
        return value;
    }

    private static ulong MixFirst(ulong k) => BitOperations.RotateLeft(k * C1, 31) * C2;

    private static ulong MixSecond(ulong k) => BitOperations.RotateLeft(k * C2, 33) * C1;

    private static ulong Finish(ulong k)
    {
        k = (k ^ (k >> 33)) * 0xff51afd7ed558ccd;
        k = (k ^ (k >> 33)) * 0xc4ceb9fe1a85ec53;
        return k ^ (k >> 33);
    }
}
