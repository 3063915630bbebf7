using System.Text.Json;
using CourseRec.Actors.Partitions;
using CourseRec.Models.Interactions;

namespace CourseRec.Cli.Targets;

/// <summary>Reads what a node answers.</summary>
public static class HttpAnswers
{
    /// <summary>The answer to events: <c>{accepted, rejected:[{index, reason}]}</c>.</summary>
    public static SendResult ReadAccepted(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        var rejected = json.RootElement.GetProperty("rejected");
        var count = rejected.GetArrayLength();
        return new SendResult(
            json.RootElement.GetProperty("accepted").GetInt32(),
            count,
            count == 0 ? null : rejected[0].GetProperty("reason").GetString()
        );
    }

    /// <summary>The live figures: partitions' offsets and the judge.</summary>
    public static PipelineState ReadLive(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        var partitions = json.RootElement.GetProperty("lag").EnumerateArray();
        var contenders = json.RootElement.GetProperty("judge").GetProperty("ever").EnumerateArray();
        return new PipelineState(
            [
                .. partitions.Select(p => new PartitionState(
                    Offset(p, "end"),
                    Offset(p, "applied"),
                    Offset(p, "stored")
                )),
            ],
            [.. contenders.Select(ReadQuality)]
        );
    }

    /// <summary>A user's session.</summary>
    public static SessionView ReadSession(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        var session = json.RootElement;
        return new SessionView(
            session.GetProperty("user").GetString()!,
            session.GetProperty("partition").GetInt32(),
            session.GetProperty("offset").GetInt64(),
            session.GetProperty("version").GetInt64(),
            session.GetProperty("applied").GetInt64(),
            [.. session.GetProperty("history").EnumerateArray().Select(ReadEntry)]
        );
    }

    /// <summary>The sentence of a problem document, if the body is one.</summary>
    public static string? ReadProblem(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return Text(json.RootElement, "detail") ?? Text(json.RootElement, "title");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static long Offset(JsonElement partition, string name) => partition.GetProperty(name).GetInt64();

    private static ContenderQuality ReadQuality(JsonElement contender) =>
        new(
            contender.GetProperty("name").GetString()!,
            contender.GetProperty("events").GetInt32(),
            Figure(contender, "hr10"),
            Figure(contender, "ndcg10"),
            Figure(contender, "mrr")
        );

    private static HistoryEntry ReadEntry(JsonElement entry) =>
        new(
            entry.GetProperty("course").GetString()!,
            Enum.Parse<InteractionType>(entry.GetProperty("type").GetString()!, ignoreCase: true),
            entry.GetProperty("time").GetDateTimeOffset()
        );

    private static double Figure(JsonElement e, string name) =>
        e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : double.NaN;

    private static string? Text(JsonElement e, string name) =>
        e.ValueKind == JsonValueKind.Object && e.TryGetProperty(name, out var value) ? value.GetString() : null;
}
