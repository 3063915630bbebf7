using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using CourseRec.Actors.Ports;

namespace CourseRec.Cli.DeadLetters;

/// <summary>
/// Dead letters as JSON lines: what <c>dead-letters list --json</c> prints, an operator corrects, and <c>replay
/// --from</c> reads.
/// </summary>
internal static class DeadLetterLines
{
    /// <summary>One line.</summary>
    public static string Write(DeadLetter letter)
    {
        var isText = Utf8.IsValid(letter.Value.Span);
        var line = new DeadLetterLine(
            letter.Partition,
            letter.Offset,
            letter.AcceptedAt,
            letter.Reason,
            isText ? Encoding.UTF8.GetString(letter.Value.Span) : null,
            isText ? null : letter.Value.ToArray()
        );
        return JsonSerializer.Serialize(line, DeadLetterJson.Readable.DeadLetterLine);
    }

    /// <summary>Reads a file of lines; empty ones are left out.</summary>
    /// <exception cref="CliException">It can't be read; the message names the line.</exception>
    public static async IAsyncEnumerable<DeadLetter> ReadAsync(string path)
    {
        if (!File.Exists(path))
            throw new CliException($"{path} does not exist. 'dead-letters list --json' writes such a file.");
        var number = 0;
        await foreach (var text in File.ReadLinesAsync(path))
        {
            number++;
            if (text.Length > 0)
                yield return Read(text, $"{path}, line {number}");
        }
    }

    private static DeadLetter Read(string text, string place)
    {
        try
        {
            var line = JsonSerializer.Deserialize(text, DeadLetterJson.Readable.DeadLetterLine)!;
            var value = line.Value is { } written ? Encoding.UTF8.GetBytes(written) : line.Bytes;
            return new(
                line.Partition,
                line.Offset,
                line.AcceptedAt,
                line.Reason ?? "",
                value ?? throw new CliException($"{place}: there is neither a 'value' (text) nor 'bytes' (base64).")
            );
        }
        catch (JsonException e)
        {
            throw new CliException(
                $"{place} is not a dead letter as 'dead-letters list --json' prints it: {e.Message}"
            );
        }
    }
}

/// <summary>A line.</summary>
/// <param name="Partition">Where the record came from.</param>
/// <param name="Offset">Its offset there.</param>
/// <param name="AcceptedAt">When it was accepted, Unix milliseconds.</param>
/// <param name="Reason">What was wrong with it.</param>
/// <param name="Value">The record, where it is text.</param>
/// <param name="Bytes">The record in base64, where it is not.</param>
internal sealed record DeadLetterLine(
    int Partition,
    long Offset,
    long AcceptedAt,
    string? Reason,
    string? Value,
    byte[]? Bytes
);

[JsonSerializable(typeof(DeadLetterLine))]
internal sealed partial class DeadLetterJson : JsonSerializerContext
{
    /// <summary>Without escapes that only HTML needs: people edit these lines.</summary>
    public static DeadLetterJson Readable { get; } =
        new(
            new(JsonSerializerDefaults.Web)
            {
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
