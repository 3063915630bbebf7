using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace CourseRec.Models;

/// <summary>Writes variable-length integers (LEB128), fixed 64-bit values and short texts.</summary>
public static class PackedWriter
{
    /// <summary>Seven bits a byte, the low ones first; one to ten bytes.</summary>
    public static void WriteVarint(this IBufferWriter<byte> output, long value)
    {
        var span = output.GetSpan(10);
        var length = 0;
        var rest = (ulong)value;
        while (rest >= 0x80)
        {
            span[length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }
        span[length++] = (byte)rest;
        output.Advance(length);
    }

    /// <summary>Zigzag, for values of either sign.</summary>
    public static void WriteSigned(this IBufferWriter<byte> output, long value) =>
        output.WriteVarint((value << 1) ^ (value >> 63));

    /// <summary>Eight bytes, the low one first.</summary>
    public static void WriteFixed(this IBufferWriter<byte> output, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(8), value);
        output.Advance(8);
    }

    /// <summary>The length in bytes, then UTF-8.</summary>
    public static void WriteText(this IBufferWriter<byte> output, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        output.WriteVarint(length);
        Encoding.UTF8.GetBytes(text, output.GetSpan(length));
        output.Advance(length);
    }
}

/// <summary>Reads what <see cref="PackedWriter"/> wrote; never past the end.</summary>
public ref struct PackedReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Nothing is left.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>What is left.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>A <see cref="PackedWriter.WriteVarint"/>.</summary>
    /// <exception cref="InvalidDataException">The data are none, or end too early.</exception>
    public long ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Take(1)[0];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
                return (long)value;
        }
        throw new InvalidDataException("a number is too long");
    }

    /// <summary>A count or an index, at most <paramref name="limit"/>.</summary>
    public int ReadCount(int limit)
    {
        var value = ReadVarint();
        return value >= 0 && value <= limit
            ? (int)value
            : throw new InvalidDataException($"a count is {value}, at most {limit} is possible");
    }

    /// <summary>A <see cref="PackedWriter.WriteSigned"/>.</summary>
    /// <exception cref="InvalidDataException">The data are none, or end too early.</exception>
    public long ReadSigned()
    {
        var value = ReadVarint();
        return (long)((ulong)value >> 1) ^ -(value & 1);
    }

    /// <summary>A <see cref="PackedWriter.WriteFixed"/>.</summary>
    /// <exception cref="InvalidDataException">The data are none, or end too early.</exception>
    public ulong ReadFixed() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>A <see cref="PackedWriter.WriteText"/>.</summary>
    /// <exception cref="InvalidDataException">The data are none, or end too early.</exception>
    public string ReadText() => Encoding.UTF8.GetString(Take(ReadCount(_rest.Length)));

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
            throw new InvalidDataException("the data ends too early");
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
