using System.Text.Json.Serialization;

namespace CourseRec.Models.Sequential;

/// <summary>The JSON part of a model file.</summary>
internal sealed record SequentialModelHeader(
    SequentialConfig Config,
    IReadOnlyList<string> Courses,
    string Version,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyDictionary<string, string> Training
);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(SequentialModelHeader))]
internal sealed partial class SequentialModelJson : JsonSerializerContext;
