using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CourseRec.Simulation.Catalogue;

/// <summary>A course of the simulated catalogue. What is not catalogue JSON is marked so.</summary>
/// <param name="Id">Readable and stable: <c>math-101-linear-algebra-i</c>.</param>
/// <param name="Title">As on the course's page.</param>
/// <param name="Subject">One of about twenty subjects.</param>
/// <param name="Level"><c>beginner</c>, <c>intermediate</c> or <c>advanced</c>.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Prerequisites">Ids of courses to take first; each is in the catalogue, before this course.</param>
/// <param name="Available">Whether it can be taken now.</param>
/// <param name="Price">In the platform's currency; 0 is free.</param>
/// <param name="Language">Language of instruction, BCP 47.</param>
public sealed record SimulatedCourse(
    string Id,
    string Title,
    string Subject,
    string Level,
    string Description,
    IReadOnlyList<string> Prerequisites,
    bool Available,
    decimal Price,
    string Language
)
{
    /// <summary>The series of courses that it belongs to, within its subject. Not in the JSON.</summary>
    [JsonIgnore]
    public string Track { get; init; } = "";

    /// <summary>
    /// Its share of the attention of people who follow no plan; sums to 1 over the catalogue. Not in the JSON.
    /// </summary>
    [JsonIgnore]
    public double Popularity { get; init; }

    /// <summary>Writes the catalogue's JSON of this course, UTF-8.</summary>
    public void WriteJson(IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, WriterOptions);
        JsonSerializer.Serialize(writer, this, SimulatedCourseJson.Default.SimulatedCourse);
    }

    /// <summary>The catalogue's JSON of this course, UTF-8.</summary>
    public byte[] ToJson()
    {
        var output = new ArrayBufferWriter<byte>(512);
        WriteJson(output);
        return output.WrittenSpan.ToArray();
    }

    // Titles keep their accents readable; the JSON is never pasted into HTML unescaped.
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SimulatedCourse))]
internal sealed partial class SimulatedCourseJson : JsonSerializerContext;
