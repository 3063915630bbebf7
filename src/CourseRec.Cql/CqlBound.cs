using System.Buffers.Binary;
using System.Net;
using CourseRec.Cql.Errors;
using CourseRec.Cql.Protocol;
using CourseRec.Cql.Topology;

namespace CourseRec.Cql;

/// <summary>
/// A statement with its values, written straight into the frame that will be sent: one call a marker, in their order.
/// To be executed, added to a batch or paged once, by one caller; then its buffer is another's.
/// </summary>
public sealed class CqlBound : CqlRequest
{
    private readonly CqlStatement _statement;
    private int _values;

    internal CqlBound(CqlStatement statement)
        : base(Opcode.Execute)
    {
        _statement = statement;
        Frame.ShortBytes(statement.Id);
        BeginParameters(statement.MarkerArray.Length);
    }

    internal override IReadOnlyList<CqlStatement> Statements => _statement.Alone;

    internal override bool IsConditional => _statement.IsConditional;

    internal override long? Token => RoutingKey.Token(Values[2..], _statement.Routing);

    /// <summary>What a batch repeats of this: the count of values, and the values.</summary>
    internal ReadOnlySpan<byte> Values => Frame.Written[(ParametersAt + 3)..];

    /// <summary>A text or ascii; null is null.</summary>
    public CqlBound Text(string? value)
    {
        if (value is null)
            return Null();
        Next(CqlTypeCode.Text, CqlTypeCode.Ascii);
        Frame.LongString(value);
        return this;
    }

    /// <summary>A blob.</summary>
    public CqlBound Blob(ReadOnlySpan<byte> value)
    {
        Next(CqlTypeCode.Blob);
        Frame.Bytes(value);
        return this;
    }

    /// <summary>A bigint; a write's timestamp (<c>USING TIMESTAMP ?</c>) is one.</summary>
    public CqlBound BigInt(long value)
    {
        Next(CqlTypeCode.BigInt);
        Frame.Int(8);
        Frame.Long(value);
        return this;
    }

    /// <summary>An int; a time to live (<c>USING TTL ?</c>, seconds) is one.</summary>
    public CqlBound Int(int value)
    {
        Next(CqlTypeCode.Int);
        Frame.Int(4);
        Frame.Int(value);
        return this;
    }

    /// <summary>A smallint (protocol 4).</summary>
    public CqlBound SmallInt(short value)
    {
        Next(CqlTypeCode.SmallInt);
        Frame.Int(2);
        Frame.Short(value);
        return this;
    }

    /// <summary>A double.</summary>
    public CqlBound Double(double value)
    {
        Next(CqlTypeCode.Double);
        Frame.Int(8);
        BinaryPrimitives.WriteDoubleBigEndian(Frame.Take(8), value);
        return this;
    }

    /// <summary>A boolean.</summary>
    public CqlBound Boolean(bool value)
    {
        Next(CqlTypeCode.Boolean);
        Frame.Int(1);
        Frame.Byte(value ? 1 : 0);
        return this;
    }

    /// <summary>A timestamp, in Unix milliseconds.</summary>
    public CqlBound Timestamp(long milliseconds)
    {
        Next(CqlTypeCode.Timestamp);
        Frame.Int(8);
        Frame.Long(milliseconds);
        return this;
    }

    /// <summary>A uuid or timeuuid.</summary>
    public CqlBound Uuid(Guid value)
    {
        Next(CqlTypeCode.Uuid, CqlTypeCode.TimeUuid);
        Frame.Int(16);
        value.TryWriteBytes(Frame.Take(16), bigEndian: true, out _);
        return this;
    }

    /// <summary>An address.</summary>
    public CqlBound Inet(IPAddress value)
    {
        Next(CqlTypeCode.Inet);
        Frame.Bytes(value.GetAddressBytes());
        return this;
    }

    /// <summary>
    /// Null: a write deletes the cell, and leaves a tombstone. <see cref="Unset"/> leaves it as it is.
    /// </summary>
    public CqlBound Null()
    {
        Next();
        Frame.Int(-1);
        return this;
    }

    /// <summary>No value: a write leaves the cell as it is.</summary>
    /// <exception cref="NotSupportedException">The server speaks protocol 3, which has none.</exception>
    public CqlBound Unset()
    {
        if (_statement.Version < 4)
            throw new NotSupportedException(
                "Unset needs native protocol 4, and this server has 3: prepare a statement without the column."
            );
        Next();
        Frame.Int(-2);
        return this;
    }

    /// <summary>The timestamp of a write that has no <c>USING TIMESTAMP</c>, in place of the server's clock.</summary>
    /// <param name="timestamp">From 0; by custom, Unix microseconds.</param>
    public CqlBound WithTimestamp(long timestamp)
    {
        SetTimestamp(timestamp);
        return this;
    }

    internal override void CheckComplete()
    {
        if (_values < _statement.MarkerArray.Length)
            throw new CqlTypeException(
                $"{_values} of {_statement.MarkerArray.Length} values are bound; the next is "
                    + $"{_statement.MarkerArray[_values].Name} of '{_statement.Text}'."
            );
    }

    private void Next()
    {
        if (_values == _statement.MarkerArray.Length)
            throw new CqlTypeException($"More values than '{_statement.Text}' has markers ({_values}).");
        _values++;
    }

    private void Next(CqlTypeCode type, CqlTypeCode other = CqlTypeCode.Custom)
    {
        Next();
        var marker = _statement.MarkerArray[_values - 1];
        if (marker.Type.Code != type && marker.Type.Code != other)
            throw new CqlTypeException($"{marker.Name} is {marker.Type}, not {type}, in '{_statement.Text}'.");
    }
}
