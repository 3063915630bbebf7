using CourseRec.Cql.Errors;

namespace CourseRec.Cql.Protocol;

/// <summary>What a server says of a prepared statement (native_protocol_v4.spec, 4.2.5.4).</summary>
/// <param name="Id">The server's id of it.</param>
/// <param name="Markers">Its bind markers.</param>
/// <param name="Routing">Which markers make up the partition key, in the key's order; empty when unknown (always with
/// v3).</param>
internal sealed record Prepared(byte[] Id, CqlColumn[] Markers, int[] Routing)
{
    public static Prepared Read(ref WireReader reader, int version)
    {
        if (reader.Int() != (int)ResultKind.Prepared)
            throw new CqlProtocolException("the answer to PREPARE is not a prepared statement");
        var id = reader.ShortBytes().ToArray();
        var (flags, count) = (reader.Int(), reader.Int());
        var routing = version >= 4 ? new int[reader.Count(reader.Int(), 2, "key columns")] : [];
        for (var i = 0; i < routing.Length; i++)
            routing[i] = reader.Short();
        var markers = MetadataReader.Columns(ref reader, flags, count);
        if (routing.Any(index => index >= markers.Length))
            throw new CqlProtocolException("a prepared statement's key column is none of its markers");
        return new(id, markers, routing);
    }
}
