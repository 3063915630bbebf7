using CourseRec.Cql;
using CourseRec.Cql.Connections;
using CourseRec.Cql.Protocol;

namespace CourseRec.Cql.Tests.Protocol;

/// <summary>Takes bytes through everything that reads answers.</summary>
internal static class Decoding
{
    /// <summary>The frames in these bytes, as a connection cuts them.</summary>
    public static List<Frame> Frames(ReadOnlySpan<byte> bytes)
    {
        using var buffer = new ReceiveBuffer();
        var frames = new List<Frame>();
        while (bytes.Length > 0)
        {
            var free = buffer.Free();
            var count = Math.Min(free.Length, bytes.Length);
            bytes[..count].CopyTo(free.Span);
            bytes = bytes[count..];
            buffer.Advance(count);
            while (buffer.TryRead(out var header, out var body))
                frames.Add(Frame.Copy(header, body));
        }
        return frames;
    }

    /// <summary>Reads all that a frame says, whatever it is.</summary>
    public static void Everything(Frame frame)
    {
        KnownColumns? known = null;
        if (
            frame.Header.Opcode == Opcode.Result
            && frame.Body.Length > 3
            && frame.Body.Span[3] == (byte)ResultKind.Prepared
        )
        {
            var prepared = frame.Open(out _);
            Prepared.Read(ref prepared, frame.Header.Version);
            return;
        }
        if (frame.Header.Opcode is not (Opcode.Result or Opcode.Error))
        {
            frame.Open(out _);
            return;
        }
        var rows = ResultReader.Read(frame, ref known, out _, out _);
        while (rows.Read())
            for (var column = 0; column < rows.Columns.Count; column++)
                if (!rows.IsNull(column))
                    Value(rows, column);
    }

    private static void Value(CqlRows rows, int column)
    {
        switch (rows.Columns[column].Type)
        {
            case { Code: CqlTypeCode.Text or CqlTypeCode.Ascii }:
                rows.Text(column);
                break;
            case { Code: CqlTypeCode.Blob }:
                rows.Blob(column);
                break;
            case { Code: CqlTypeCode.Int }:
                rows.Int(column);
                break;
            case { Code: CqlTypeCode.BigInt or CqlTypeCode.Counter }:
                rows.BigInt(column);
                break;
            case { Code: CqlTypeCode.SmallInt }:
                rows.SmallInt(column);
                break;
            case { Code: CqlTypeCode.Double }:
                rows.Double(column);
                break;
            case { Code: CqlTypeCode.Boolean }:
                rows.Boolean(column);
                break;
            case { Code: CqlTypeCode.Timestamp }:
                rows.Timestamp(column);
                break;
            case { Code: CqlTypeCode.Uuid or CqlTypeCode.TimeUuid }:
                rows.Uuid(column);
                break;
            case { Code: CqlTypeCode.Inet }:
                rows.Inet(column);
                break;
            case { Code: CqlTypeCode.Set or CqlTypeCode.List }:
                rows.Texts(column);
                break;
        }
    }
}
