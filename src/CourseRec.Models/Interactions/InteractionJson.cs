using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CourseRec.Models.Interactions;

/// <summary>
/// Writes interactions as UTF-8 JSON. What a client sent is kept byte by byte; fields are only put in front of it.
/// </summary>
public static class InteractionJson
{
    /// <summary>Writes a request as a record: with the id, the time and the trace that it left out.</summary>
    /// <param name="json">A request that <see cref="InteractionParser.TryParseRequest"/> took.</param>
    /// <param name="id">The id to put in, ASCII so that the record stays within its size; null when the request has
    /// one.</param>
    /// <param name="time">The time to put in, Unix milliseconds; null when the request has one.</param>
    /// <param name="traceParent">The trace to put in, as W3C Trace Context writes it; null when the event has none.
    /// </param>
    /// <param name="output">Takes the record.</param>
    public static void Complete(
        ReadOnlySpan<byte> json,
        string? id,
        long? time,
        string? traceParent,
        IBufferWriter<byte> output
    )
    {
        var idField = id is null ? "" : $"\"id\":\"{JsonEncodedText.Encode(id)}\",";
        var timeField = time is null ? "" : $"\"time\":\"{Iso(time.Value)}\",";
        var traceField = traceParent is null ? "" : $"\"traceparent\":\"{traceParent}\",";
        Splice(json, idField + timeField + traceField, output);
    }

    /// <summary>The control record that erases a user, for the log.</summary>
    /// <param name="user">The user.</param>
    /// <param name="id">The record's id.</param>
    /// <param name="time">When it was asked for, Unix milliseconds.</param>
    public static byte[] Erasure(string user, string id, long time) =>
        Encoding.UTF8.GetBytes(
            $$"""{"id":"{{JsonEncodedText.Encode(id)}}","user":"{{JsonEncodedText.Encode(user)}}","type":"erase","time":"{{Iso(time)}}"}"""
        );

    /// <summary>The control record that ends a user's parking, for the log.</summary>
    /// <param name="user">The user.</param>
    /// <param name="id">The record's id.</param>
    /// <param name="time">When it was asked for, Unix milliseconds.</param>
    /// <param name="parked">The first record that was put aside.</param>
    public static byte[] Unparking(string user, string id, long time, RecordOrigin parked) =>
        WithOrigin(
            Encoding.UTF8.GetBytes(
                $$"""{"id":"{{JsonEncodedText.Encode(id)}}","user":"{{JsonEncodedText.Encode(user)}}","type":"unpark","time":"{{Iso(time)}}"}"""
            ),
            parked
        );

    /// <summary>A record as it is forwarded: naming where it was first accepted.</summary>
    /// <param name="json">A record without an origin.</param>
    /// <param name="origin">Where it was read.</param>
    public static byte[] WithOrigin(ReadOnlySpan<byte> json, RecordOrigin origin)
    {
        var field = string.Create(
            CultureInfo.InvariantCulture,
            $"\"origin\":{{\"generation\":{origin.Generation},\"partition\":{origin.Partition},\"offset\":{origin.Offset}}},"
        );
        var output = new ArrayBufferWriter<byte>(json.Length + field.Length);
        Splice(json, field, output);
        return output.WrittenSpan.ToArray();
    }

    private static void Splice(ReadOnlySpan<byte> json, string fields, IBufferWriter<byte> output)
    {
        var open = json.IndexOf((byte)'{') + 1;
        output.Write(json[..open]);
        Encoding.UTF8.GetBytes(fields, output);
        output.Write(json[open..]);
    }

    private static string Iso(long time) =>
        DateTimeOffset
            .FromUnixTimeMilliseconds(time)
            .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
