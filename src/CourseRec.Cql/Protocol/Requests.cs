namespace CourseRec.Cql.Protocol;

/// <summary>The frames of the driver itself.</summary>
internal static class Requests
{
    public static FrameWriter Options(int version) => Seal(Begin(), version, Opcode.Options);

    public static FrameWriter Startup(int version)
    {
        var frame = Begin();
        frame.Short(1);
        frame.String("CQL_VERSION");
        frame.String("3.0.0");
        return Seal(frame, version, Opcode.Startup);
    }

    public static FrameWriter AuthResponse(int version, ReadOnlySpan<byte> token)
    {
        var frame = Begin();
        frame.Bytes(token);
        return Seal(frame, version, Opcode.AuthResponse);
    }

    public static FrameWriter Prepare(int version, string cql)
    {
        var frame = Begin();
        frame.LongString(cql);
        return Seal(frame, version, Opcode.Prepare);
    }

    public static FrameWriter Query(int version, string cql)
    {
        var frame = Begin();
        frame.LongString(cql);
        frame.Short((short)CqlConsistency.LocalOne);
        frame.Byte(0);
        return Seal(frame, version, Opcode.Query);
    }

    private static FrameWriter Begin()
    {
        var frame = new FrameWriter(256);
        frame.Take(FrameHeader.Size);
        return frame;
    }

    private static FrameWriter Seal(FrameWriter frame, int version, Opcode opcode)
    {
        new FrameHeader(version, FrameFlags.None, 0, opcode, frame.Length - FrameHeader.Size).Write(
            frame.At(0, FrameHeader.Size)
        );
        return frame;
    }
}
