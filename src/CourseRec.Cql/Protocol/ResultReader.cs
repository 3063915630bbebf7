using CourseRec.Cql.Errors;

namespace CourseRec.Cql.Protocol;

/// <summary>Reads a RESULT (native_protocol_v4.spec, 4.2.5) of any kind but Prepared.</summary>
internal static class ResultReader
{
    /// <param name="frame">The answer.</param>
    /// <param name="known">The statement's columns, as last seen.</param>
    /// <param name="warnings">What the server warns about.</param>
    /// <param name="kind">What it is.</param>
    /// <exception cref="CqlServerException">It is an error.</exception>
    public static CqlRows Read(Frame frame, ref KnownColumns? known, out string[] warnings, out ResultKind kind)
    {
        var reader = frame.Open(out warnings);
        if (frame.Header.Opcode != Opcode.Result)
            throw new CqlProtocolException($"a request is answered by {frame.Header.Opcode}");
        kind = (ResultKind)reader.Int();
        return kind switch
        {
            ResultKind.Rows => CqlRows.Decode(ref reader, frame.Body, ref known),
            ResultKind.Void or ResultKind.SetKeyspace or ResultKind.SchemaChange => CqlRows.None,
            _ => throw new CqlProtocolException($"a request is answered by a result of kind {(int)kind}"),
        };
    }
}
