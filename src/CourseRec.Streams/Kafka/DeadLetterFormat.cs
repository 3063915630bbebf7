using System.Text.Json;
using System.Text.Json.Serialization;
using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Kafka;

/// <summary>
/// A dead letter as a Kafka record: one JSON object with the reason, the source and the original bytes in base64. Not
/// in headers, which brokers before 0.11 do not have.
/// </summary>
internal static partial class DeadLetterFormat
{
    public static byte[] Write(DeadLetter letter, string topic) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new(letter.Reason, topic, letter.Partition, letter.Offset, letter.AcceptedAt, letter.Value.ToArray()),
            Json.Default.Envelope
        );

    /// <summary>What was written; a foreign record is answered as it is, with itself as its source.</summary>
    public static DeadLetter Read(in LogRecord record)
    {
        try
        {
            if (JsonSerializer.Deserialize(record.Value.Span, Json.Default.Envelope) is { Reason: not null } letter)
                return new(letter.Partition, letter.Offset, letter.AcceptedAt, letter.Reason, letter.Value ?? []);
        }
        catch (JsonException)
        {
            // Answered below.
        }
        return new(0, record.Offset, record.AcceptedAt, "it is no dead letter of CourseRec's", record.Value);
    }

    internal sealed record Envelope(
        string Reason,
        string Topic,
        int Partition,
        long Offset,
        long AcceptedAt,
        byte[]? Value
    );

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Envelope))]
    private sealed partial class Json : JsonSerializerContext;
}
