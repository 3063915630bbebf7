using System.Buffers.Binary;
using System.Net;
using CourseRec.Cql.Errors;
using CourseRec.Cql.Protocol;

namespace CourseRec.Cql;

/// <summary>
/// The current row's values, by column. Each throws <see cref="CqlTypeException"/> when the column is of another type
/// or null (ask <see cref="IsNull"/> first), and <see cref="CqlProtocolException"/> when its bytes can't be of its
/// type.
/// </summary>
public sealed partial class CqlRows
{
    /// <summary>
    /// Whether a lightweight transaction's condition held (column <c>[applied]</c> of the current row).
    /// </summary>
    public bool Applied => Boolean(IndexOf("[applied]"));

    /// <summary>Whether a value is null.</summary>
    public bool IsNull(int column) => _values[column].Length < 0;

    /// <summary>A text or ascii.</summary>
    public string Text(int column) => WireReader.Text(Value(column, CqlTypeCode.Text));

    /// <summary>A blob, not copied.</summary>
    public ReadOnlyMemory<byte> Blob(int column)
    {
        var (start, length) = Locate(column, CqlTypeCode.Blob);
        return _body.Slice(start, length);
    }

    /// <summary>A bigint or counter.</summary>
    public long BigInt(int column) => BinaryPrimitives.ReadInt64BigEndian(Value(column, CqlTypeCode.BigInt, 8));

    /// <summary>An int.</summary>
    public int Int(int column) => BinaryPrimitives.ReadInt32BigEndian(Value(column, CqlTypeCode.Int, 4));

    /// <summary>A smallint.</summary>
    public short SmallInt(int column) => BinaryPrimitives.ReadInt16BigEndian(Value(column, CqlTypeCode.SmallInt, 2));

    /// <summary>A double.</summary>
    public double Double(int column) => BinaryPrimitives.ReadDoubleBigEndian(Value(column, CqlTypeCode.Double, 8));

    /// <summary>A boolean.</summary>
    public bool Boolean(int column) => Value(column, CqlTypeCode.Boolean, 1)[0] != 0;

    /// <summary>A timestamp, in Unix milliseconds.</summary>
    public long Timestamp(int column) => BinaryPrimitives.ReadInt64BigEndian(Value(column, CqlTypeCode.Timestamp, 8));

    /// <summary>A uuid or timeuuid.</summary>
    public Guid Uuid(int column) => new(Value(column, CqlTypeCode.Uuid, 16), bigEndian: true);

    /// <summary>An address.</summary>
    public IPAddress Inet(int column)
    {
        var bytes = Value(column, CqlTypeCode.Inet);
        return bytes.Length is 4 or 16
            ? new(bytes)
            : throw new CqlProtocolException($"column {_columns[column].Name} is an address of {bytes.Length} bytes");
    }

    /// <summary>A list or set of texts; null is empty, as Cassandra stores it.</summary>
    public IReadOnlyList<string> Texts(int column)
    {
        var type = _columns[column].Type;
        if (
            type.Code is not (CqlTypeCode.List or CqlTypeCode.Set)
            || type.Parameters.Any(p => p.Code != CqlTypeCode.Text && !Same(p.Code, CqlTypeCode.Text))
        )
            throw new CqlTypeException($"Column {_columns[column].Name} is {type}, not a List of Text.");
        return IsNull(column) ? [] : Strings(Value(column, type.Code));
    }

    private static string[] Strings(ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        var texts = new string[reader.Count(reader.Int(), 4, "elements")];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = reader.TryBytes(out var text)
                ? WireReader.Text(text)
                : throw new CqlProtocolException("a collection has a null element");
        return texts;
    }
}
