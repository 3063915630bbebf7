using System.Buffers;
using System.Buffers.Binary;

namespace CourseRec.Cql.Topology;

/// <summary>Finds a partition's token in the values that are bound.</summary>
internal static class RoutingKey
{
    /// <param name="values">[value]s as they are sent, behind their count.</param>
    /// <param name="routing">Which of them make up the key; empty when unknown.</param>
    /// <returns>The token; null when a part of the key is unknown, null or unset.</returns>
    public static long? Token(ReadOnlySpan<byte> values, ReadOnlySpan<int> routing)
    {
        if (routing.Length == 1)
            return TryValue(values, routing[0], out var key) ? Murmur3Token.Of(key) : null;
        if (routing.Length == 0)
            return null;
        var composite = new ArrayBufferWriter<byte>();
        foreach (var index in routing)
        {
            if (!TryValue(values, index, out var part) || part.Length > ushort.MaxValue)
                return null;
            BinaryPrimitives.WriteUInt16BigEndian(composite.GetSpan(2), (ushort)part.Length);
            composite.Advance(2);
            composite.Write(part);
            composite.Write([(byte)0]);
        }
        return Murmur3Token.Of(composite.WrittenSpan);
    }

    private static bool TryValue(ReadOnlySpan<byte> values, int index, out ReadOnlySpan<byte> value)
    {
        for (; values.Length > 0; index--)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(values);
            value = values[4..][..Math.Max(length, 0)];
            if (index == 0)
                return length > 0;
            values = values[(4 + value.Length)..];
        }
        value = default;
        return false;
    }
}
