using CourseRec.Cql.Errors;

namespace CourseRec.Cql.Protocol;

/// <summary>Reads column specifications (native_protocol_v4.spec, 4.2.5.2).</summary>
internal static class MetadataReader
{
    public const int GlobalTable = 1;
    public const int HasMorePages = 2;
    public const int NoMetadata = 4;

    /// <summary>A type holds types at most so deep; nobody's table comes near.</summary>
    private const int MaxDepth = 16;

    /// <summary>The specifications of so many columns.</summary>
    /// <param name="reader">At the global table specification, where there is one.</param>
    /// <param name="flags">The metadata's flags.</param>
    /// <param name="count">As claimed; checked.</param>
    public static CqlColumn[] Columns(ref WireReader reader, int flags, int count)
    {
        if ((flags & NoMetadata) != 0)
            return [];
        var global = (flags & GlobalTable) != 0;
        if (global)
            SkipTable(ref reader);
        var columns = new CqlColumn[reader.Count(count, 4, "columns")];
        for (var i = 0; i < columns.Length; i++)
        {
            if (!global)
                SkipTable(ref reader);
            columns[i] = new(reader.String(), Type(ref reader, MaxDepth));
        }
        return columns;
    }

    private static void SkipTable(ref WireReader reader)
    {
        reader.ShortBytes();
        reader.ShortBytes();
    }

    private static CqlType Type(ref WireReader reader, int depth)
    {
        if (depth == 0)
            throw new CqlProtocolException($"a type is nested more than {MaxDepth} deep");
        var code = (CqlTypeCode)reader.Short();
        switch (code)
        {
            case CqlTypeCode.Custom:
                reader.ShortBytes();
                return new(code, []);
            case CqlTypeCode.List or CqlTypeCode.Set:
                return new(code, [Type(ref reader, depth - 1)]);
            case CqlTypeCode.Map:
                return new(code, [Type(ref reader, depth - 1), Type(ref reader, depth - 1)]);
            case CqlTypeCode.Tuple:
                return new(code, Fields(ref reader, depth, named: false));
            case CqlTypeCode.UserDefined:
                SkipTable(ref reader);
                return new(code, Fields(ref reader, depth, named: true));
            default:
                return Enum.IsDefined(code)
                    ? new(code, [])
                    : throw new CqlProtocolException($"a column has the unknown type 0x{(int)code:x4}");
        }
    }

    private static CqlType[] Fields(ref WireReader reader, int depth, bool named)
    {
        var fields = new CqlType[reader.Count(reader.Short(), 2, "fields")];
        for (var i = 0; i < fields.Length; i++)
        {
            if (named)
                reader.ShortBytes();
            fields[i] = Type(ref reader, depth - 1);
        }
        return fields;
    }
}
