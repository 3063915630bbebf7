using System.Buffers.Binary;
using System.Text;
using CourseRec.Cql.Errors;

namespace CourseRec.Cql.Protocol;

/// <summary>
/// Reads the protocol's notations (native_protocol_v4.spec, 3) out of bytes that came from outside: every length and
/// count is compared with what is there before it is used, so that nothing is allocated that wasn't received.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding Strict = new(false, true);
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>How far it has read.</summary>
    public int Position { get; private set; }

    public readonly int Remaining => _bytes.Length - Position;

    public byte Byte() => Take(1)[0];

    public ushort Short() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public int Int() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    /// <summary>[string].</summary>
    public string String() => Text(Take(Short()));

    /// <summary>[short bytes].</summary>
    public ReadOnlySpan<byte> ShortBytes() => Take(Short());

    /// <summary>[bytes]; -1 for the length is null.</summary>
    public bool TryBytes(out ReadOnlySpan<byte> value)
    {
        var length = Int();
        value = length < 0 ? default : Take(length);
        return length >= 0;
    }

    /// <summary>[int] or [short] as a number of things that take at least so many bytes each.</summary>
    public readonly int Count(int claimed, int leastBytes, string what)
    {
        if (claimed < 0 || (long)claimed * leastBytes > Remaining)
            throw new CqlProtocolException($"a frame claims {claimed} {what} and has {Remaining} bytes left");
        return claimed;
    }

    /// <summary>[string list].</summary>
    public string[] StringList()
    {
        var list = new string[Count(Short(), 2, "strings")];
        for (var i = 0; i < list.Length; i++)
            list[i] = String();
        return list;
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
            throw new CqlProtocolException($"a frame ends {count - Remaining} bytes early");
        var taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }

    /// <summary>Text that must be UTF-8.</summary>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new CqlProtocolException("a text is not UTF-8");
        }
    }
}
