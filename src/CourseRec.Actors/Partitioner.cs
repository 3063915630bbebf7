using System.Text;

namespace CourseRec.Actors;

/// <summary>
/// The user's partition: murmur2 of the UTF-8 id, made positive, modulo the partition count. This is what Java's Kafka
/// client does by default, so partners' producers agree with ours.
/// </summary>
public static class Partitioner
{
    /// <summary>The partition of a user.</summary>
    public static int PartitionOf(ReadOnlySpan<char> user, int partitions)
    {
        Span<byte> utf8 = stackalloc byte[user.Length * 3];
        return PartitionOf(utf8[..Encoding.UTF8.GetBytes(user, utf8)], partitions);
    }

    /// <summary>The partition of a user, named in UTF-8.</summary>
    public static int PartitionOf(ReadOnlySpan<byte> user, int partitions) =>
        (int)(Murmur2(user) & 0x7fffffff) % partitions;

    /// <summary>MurmurHash2 (Appleby), 32 bit, with the seed that Apache Kafka uses.</summary>
    internal static uint Murmur2(ReadOnlySpan<byte> data)
    {
        const uint m = 0x5bd1e995;
        var h = 0x9747b28cu ^ (uint)data.Length;
        while (data.Length >= 4)
        {
            var k = BitConverter.ToUInt32(data) * m;
            k ^= k >> 24;
            h = (h * m) ^ (k * m);
            data = data[4..];
        }
        for (var i = data.Length - 1; i >= 0; i--)
            h ^= (uint)data[i] << (8 * i);
        if (data.Length > 0)
            h *= m;
        h ^= h >> 13;
        h *= m;
        return h ^ (h >> 15);
    }
}
