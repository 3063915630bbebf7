using System.Text;
using CourseRec.Models.Interactions;

namespace CourseRec.Models.Tests.Interactions;

internal static class Samples
{
    /// <summary>2026-11-20T12:00:00Z.</summary>
    public const long AcceptedAt = 1_795_176_000_000;

    public const string Full =
        """{"id":"01J","user":"u17","course":"c42","type":"rate","value":4.5,"time":"2026-11-20T10:00:00Z","source":"partner-a","context":{"session":"s","userAgent":"Mozilla\/5.0","language":"de-DE","country":"DE","referrer":"https://a.example/"}}""";

    public const string Plain = """{"id":"1","user":"u","course":"c","type":"click","time":"2026-11-20T10:00:00Z"}""";

    public const string Forwarded =
        """{"origin":{"generation":2,"partition":3,"offset":1099511627775},"id":"1","user":"u","course":"c","type":"click","time":"2026-11-20T10:00:00Z"}""";

    public const string Erasure = """{"id":"1","user":"u","type":"erase","time":"2026-11-20T10:00:00Z"}""";

    public static byte[] Utf8(string json) => Encoding.UTF8.GetBytes(json);

    public static string Refusal(string json, bool asRequest = false) => Refusal(Utf8(json), asRequest);

    /// <summary>The error as text; empty when the bytes were taken.</summary>
    public static string Refusal(byte[] json, bool asRequest = false)
    {
        var parser = new InteractionParser();
        var taken = asRequest
            ? parser.TryParseRequest(json, AcceptedAt, out var error)
            : parser.TryParseRecord(json, AcceptedAt, out error);
        return taken ? "" : error.ToString();
    }

    /// <summary>The plain record with one field's JSON replaced or added.</summary>
    public static string With(string field, string value)
    {
        var fields = new Dictionary<string, string>
        {
            ["id"] = "\"1\"",
            ["user"] = "\"u\"",
            ["course"] = "\"c\"",
            ["type"] = "\"click\"",
            ["time"] = "\"2026-11-20T10:00:00Z\"",
            [field] = value,
        };
        return "{" + string.Join(",", fields.Select(pair => $"\"{pair.Key}\":{pair.Value}")) + "}";
    }

    /// <summary>The plain record without one field.</summary>
    public static string Without(string field)
    {
        var node = System.Text.Json.Nodes.JsonNode.Parse(Plain)!.AsObject();
        node.Remove(field);
        return node.ToJsonString();
    }
}
