using System.Net;
using CourseRec.Cql;
using CourseRec.Cql.Protocol;

namespace CourseRec.Cql.Tests.Protocol;

/// <summary>What a scripted server says: an opcode and a body as the specification lays it out.</summary>
/// <param name="Opcode">What it is.</param>
/// <param name="Body">Its body.</param>
/// <param name="Flags">Its flags.</param>
internal sealed record Answer(Opcode Opcode, byte[] Body, FrameFlags Flags = FrameFlags.None)
{
    /// <summary>The stream that it answers on, where not that of the request.</summary>
    public short? Stream { get; init; }

    /// <summary>No answer at all.</summary>
    public static Answer Silence { get; } = new((Opcode)0xff, []);

    /// <summary>The connection is closed instead.</summary>
    public static Answer Hangup { get; } = new((Opcode)0xfe, []);

    public static Answer Ready { get; } = new(Opcode.Ready, []);

    public static Answer Void { get; } = Of(Opcode.Result, body => body.Int((int)ResultKind.Void));

    public static Answer Of(Opcode opcode, Action<FrameWriter> write)
    {
        var body = new FrameWriter(64);
        write(body);
        return new(opcode, body.Written.ToArray());
    }

    public static Answer Error(int code, string message, Action<FrameWriter>? more = null) =>
        Of(
            Opcode.Error,
            body =>
            {
                body.Int(code);
                body.String(message);
                more?.Invoke(body);
            }
        );

    /// <summary>A prepared statement of text markers.</summary>
    public static Answer Prepared(int version, byte[] id, string[] markers, params int[] key) =>
        Of(
            Opcode.Result,
            body =>
            {
                body.Int((int)ResultKind.Prepared);
                body.ShortBytes(id);
                body.Int(MetadataReader.GlobalTable);
                body.Int(markers.Length);
                if (version >= 4)
                {
                    body.Int(key.Length);
                    foreach (var index in key)
                        body.Short(index);
                }
                Table(body);
                foreach (var marker in markers)
                    Column(body, marker, CqlTypeCode.Text);
                body.Int(MetadataReader.NoMetadata);
                body.Int(0);
            }
        );

    /// <summary>Rows of columns; a value is a text, address, uuid or set of texts.</summary>
    public static Answer Rows((string Name, CqlTypeCode Type)[] columns, params object?[][] rows) =>
        Of(
            Opcode.Result,
            body =>
            {
                body.Int((int)ResultKind.Rows);
                body.Int(MetadataReader.GlobalTable);
                body.Int(columns.Length);
                Table(body);
                foreach (var (name, type) in columns)
                    Column(body, name, type);
                body.Int(rows.Length);
                foreach (var value in rows.SelectMany(row => row))
                    Value(body, value);
            }
        );

    private static void Table(FrameWriter body)
    {
        body.String("keyspace");
        body.String("table");
    }

    private static void Column(FrameWriter body, string name, CqlTypeCode type)
    {
        body.String(name);
        body.Short((short)type);
        if (type == CqlTypeCode.Set)
            body.Short((short)CqlTypeCode.Text);
    }

    private static void Value(FrameWriter body, object? value)
    {
        switch (value)
        {
            case null:
                body.Int(-1);
                break;
            case string text:
                body.LongString(text);
                break;
            case IPAddress address:
                body.Bytes(address.GetAddressBytes());
                break;
            case Guid id:
                body.Bytes(id.ToByteArray(bigEndian: true));
                break;
            case string[] texts:
                var set = new FrameWriter(64);
                set.Int(texts.Length);
                foreach (var text in texts)
                    set.LongString(text);
                body.Bytes(set.Written);
                break;
            default:
                throw new ArgumentException($"{value} can't be answered.");
        }
    }
}
