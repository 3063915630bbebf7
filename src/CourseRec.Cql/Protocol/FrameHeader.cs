using System.Buffers.Binary;
using CourseRec.Cql.Errors;

namespace CourseRec.Cql.Protocol;

/// <summary>The nine bytes before every body (native_protocol_v4.spec, 2).</summary>
/// <param name="Version">The protocol, without the direction bit.</param>
/// <param name="Flags">What comes before the body's content.</param>
/// <param name="Stream">The request that is answered; negative for events.</param>
/// <param name="Opcode">What it is.</param>
/// <param name="Length">Bytes of body, 0 to <see cref="MaxLength"/>.</param>
internal readonly record struct FrameHeader(int Version, FrameFlags Flags, short Stream, Opcode Opcode, int Length)
{
    public const int Size = 9;

    /// <summary>The specification's bound on a body: 256 MB.</summary>
    public const int MaxLength = 256 << 20;

    /// <summary>Reads a response's header.</summary>
    /// <exception cref="CqlProtocolException">These bytes can't begin a response.</exception>
    public static FrameHeader Read(ReadOnlySpan<byte> bytes)
    {
        if ((bytes[0] & 0x80) == 0)
            throw new CqlProtocolException($"it begins with 0x{bytes[0]:x2}, which no Cassandra answer does");
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[5..]);
        if (length is < 0 or > MaxLength)
            throw new CqlProtocolException($"a frame claims {length} bytes; at most {MaxLength} are allowed");
        return new(
            bytes[0] & 0x7f,
            (FrameFlags)bytes[1],
            BinaryPrimitives.ReadInt16BigEndian(bytes[2..]),
            (Opcode)bytes[4],
            length
        );
    }

    /// <summary>Patches a written header.</summary>
    public static void WriteStream(Span<byte> bytes, short stream) =>
        BinaryPrimitives.WriteInt16BigEndian(bytes[2..], stream);

    /// <summary>Writes a request's header.</summary>
    public void Write(Span<byte> bytes)
    {
        bytes[0] = (byte)Version;
        bytes[1] = (byte)Flags;
        BinaryPrimitives.WriteInt16BigEndian(bytes[2..], Stream);
        bytes[4] = (byte)Opcode;
        BinaryPrimitives.WriteInt32BigEndian(bytes[5..], Length);
    }
}

/// <summary>What a body begins with (2.2).</summary>
[Flags]
internal enum FrameFlags : byte
{
    None = 0,
    Compressed = 1,
    Tracing = 2,
    CustomPayload = 4,
    Warning = 8,
}
