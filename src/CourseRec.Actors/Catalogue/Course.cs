using System.Text.Json;
using System.Text.Json.Serialization;

namespace CourseRec.Actors.Catalogue;

/// <summary>A course of the catalogue.</summary>
public sealed record Course
{
    /// <summary>The largest course, in bytes of JSON.</summary>
    public const int MaxBytes = 16 * 1024;

    /// <summary>The course's id, 1–128 printable characters.</summary>
    public required string Id { get; init; }

    /// <summary>What learners see.</summary>
    public required string Title { get; init; }

    /// <summary>The subject that it is browsed under.</summary>
    public string? Subject { get; init; }

    /// <summary>How demanding it is, in the catalogue's own words.</summary>
    public string? Level { get; init; }

    /// <summary>A few sentences.</summary>
    public string? Description { get; init; }

    /// <summary>Ids of the courses that should come before.</summary>
    public IReadOnlyList<string> Prerequisites { get; init; } = [];

    /// <summary>Whether it may be recommended.</summary>
    public bool Available { get; init; } = true;

    /// <summary>Its price in the platform's currency; null when it is not stated.</summary>
    public double? Price { get; init; }

    /// <summary>Language tag (BCP 47), as in <c>de-DE</c>.</summary>
    public string? Language { get; init; }

    /// <summary>Where the course is.</summary>
    public string? Url { get; init; }

    /// <summary>The course as the catalogue log holds it: JSON, UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, CatalogueJson.Default.Course);
}

/// <summary>
/// Why a course was refused. <paramref name="Field"/> is empty when the course as a whole is at fault.
/// </summary>
/// <param name="Field">The JSON field at fault.</param>
/// <param name="Reason">What is wrong and what is allowed.</param>
public readonly record struct CourseError(string Field, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => Field.Length == 0 ? Reason : $"{Field}: {Reason}";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Course))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
