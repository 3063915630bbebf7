using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Kafka;

/// <summary>
/// A Kafka record as a record of the log. Its value is the interaction's JSON; when it was accepted is its timestamp.
/// A broker before 0.10 keeps none: there our own records begin with <c>@1700000000000 </c> (Unix milliseconds), which
/// no JSON does, and a partner's record, which has nothing of the kind, counts as accepted when its event happened. In
/// every case it follows from the record alone.
/// </summary>
internal static class RecordFormat
{
    private const byte Mark = (byte)'@';

    /// <summary>A value that carries its own acceptance time.</summary>
    public static byte[] WithAcceptedAt(long acceptedAt, ReadOnlySpan<byte> value)
    {
        var prefix = Encoding.ASCII.GetBytes($"@{acceptedAt} ");
        return [.. prefix, .. value];
    }

    public static LogRecord Read(long offset, Timestamp timestamp, byte[]? value)
    {
        value ??= [];
        if (TryReadPrefix(value, out var acceptedAt, out var length))
            return new(offset, acceptedAt, value.AsMemory(length));
        var isStamped = timestamp.Type != TimestampType.NotAvailable && timestamp.UnixTimestampMs >= 0;
        return new(offset, isStamped ? timestamp.UnixTimestampMs : EventTime(value), value);
    }

    private static bool TryReadPrefix(byte[] value, out long acceptedAt, out int length)
    {
        (acceptedAt, length) = (0, 0);
        if (value.Length < 3 || value[0] != Mark)
            return false;
        if (!Utf8Parser.TryParse(value.AsSpan(1), out acceptedAt, out var digits))
            return false;
        length = digits + 2;
        return length <= value.Length && value[length - 1] == ' ';
    }

    /// <summary>The event's own time, Unix milliseconds; 0 when it has none that can be read.</summary>
    private static long EventTime(byte[] value)
    {
        try
        {
            var reader = new Utf8JsonReader(value);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                    continue;
                var isTime = reader.ValueTextEquals("time"u8);
                if (reader.Read() && isTime)
                    return reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time)
                        ? time.ToUnixTimeMilliseconds()
                        : 0;
                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // Not JSON: the shard says so, and puts it aside.
        }
        return 0;
    }
}
