namespace CourseRec.Cql.Protocol;

/// <summary>
/// The columns of a statement's last answer beside the bytes that described them: the next answer's are nearly always
/// the same bytes and need no reading. (The protocol can leave them out altogether, and then rows of an altered table
/// are misread.)
/// </summary>
/// <param name="Flags">The metadata's flags, but for paging.</param>
/// <param name="Bytes">The description.</param>
/// <param name="Columns">What it says.</param>
internal sealed record KnownColumns(int Flags, byte[] Bytes, CqlColumn[] Columns)
{
    public static CqlColumn[] Read(
        ref WireReader reader,
        ReadOnlyMemory<byte> body,
        int flags,
        int count,
        ref KnownColumns? known
    )
    {
        var kind = flags & ~MetadataReader.HasMorePages;
        var rest = body.Span[reader.Position..];
        if (known is { } same && same.Flags == kind && same.Columns.Length == count && rest.StartsWith(same.Bytes))
        {
            reader.Take(same.Bytes.Length);
            return same.Columns;
        }
        var start = reader.Position;
        var columns = MetadataReader.Columns(ref reader, flags, count);
        known = new(kind, body.Span[start..reader.Position].ToArray(), columns);
        return columns;
    }
}
