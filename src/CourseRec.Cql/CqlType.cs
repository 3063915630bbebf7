namespace CourseRec.Cql;

/// <summary>The kinds of CQL types; the values are the protocol's option ids.</summary>
public enum CqlTypeCode : short
{
#pragma warning disable CS1591 // CQL's own names
    Custom = 0x00,
    Ascii = 0x01,
    BigInt = 0x02,
    Blob = 0x03,
    Boolean = 0x04,
    Counter = 0x05,
    Decimal = 0x06,
    Double = 0x07,
    Float = 0x08,
    Int = 0x09,
    Timestamp = 0x0B,
    Uuid = 0x0C,
    Text = 0x0D,
    VarInt = 0x0E,
    TimeUuid = 0x0F,
    Inet = 0x10,
    Date = 0x11,
    Time = 0x12,
    SmallInt = 0x13,
    TinyInt = 0x14,
    Duration = 0x15,
    List = 0x20,
    Map = 0x21,
    Set = 0x22,
    UserDefined = 0x30,
    Tuple = 0x31,
#pragma warning restore CS1591
}

/// <summary>A CQL type.</summary>
/// <param name="Code">Its kind.</param>
/// <param name="Parameters">The types of elements, of key and value, or of fields; empty for a simple type.</param>
public sealed record CqlType(CqlTypeCode Code, IReadOnlyList<CqlType> Parameters)
{
    /// <summary>As CQL writes it.</summary>
    public override string ToString()
    {
        var name = Code.ToString().ToLowerInvariant();
        return Parameters.Count == 0 ? name : $"{name}<{string.Join(", ", Parameters)}>";
    }
}

/// <summary>A column of a result, or a marker of a statement.</summary>
/// <param name="Name">Its name, or the expression.</param>
/// <param name="Type">Its type.</param>
public sealed record CqlColumn(string Name, CqlType Type);
