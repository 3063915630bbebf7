using CourseRec.Cql.Errors;

namespace CourseRec.Cql.Protocol;

/// <summary>An answer as received.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Body">Its body, which nobody else holds.</param>
internal readonly record struct Frame(FrameHeader Header, ReadOnlyMemory<byte> Body)
{
    private static readonly byte[] VoidBody = [0, 0, 0, (byte)ResultKind.Void];

    /// <summary>
    /// Copies an answer out of the receive buffer; the answer to most writes, a void result, takes no memory.
    /// </summary>
    public static Frame Copy(FrameHeader header, ReadOnlySpan<byte> body) =>
        new(
            header,
            header.Opcode == Opcode.Result && header.Flags == 0 && body.SequenceEqual(VoidBody)
                ? VoidBody
                : body.ToArray()
        );

    /// <summary>A reader behind tracing id, warnings and payload.</summary>
    /// <param name="warnings">What the server warns about.</param>
    /// <exception cref="CqlServerException">This is an error.</exception>
    public WireReader Open(out string[] warnings)
    {
        if ((Header.Flags & FrameFlags.Compressed) != 0)
            throw new CqlProtocolException("a frame is compressed, which nobody asked for");
        var reader = new WireReader(Body.Span);
        if ((Header.Flags & FrameFlags.Tracing) != 0)
            reader.Take(16);
        warnings = (Header.Flags & FrameFlags.Warning) != 0 ? reader.StringList() : [];
        if ((Header.Flags & FrameFlags.CustomPayload) != 0)
            SkipPayload(ref reader);
        return Header.Opcode == Opcode.Error ? throw ErrorReader.Read(ref reader) : reader;
    }

    private static void SkipPayload(ref WireReader reader)
    {
        for (var left = reader.Count(reader.Short(), 6, "payload entries"); left > 0; left--)
        {
            reader.ShortBytes();
            reader.TryBytes(out _);
        }
    }
}
