using System.Text.Json;
using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Catalogue;

/// <summary>Reads and validates courses; an error names the field.</summary>
public static class CourseReader
{
    private const int MaxText = 256;
    private const int MaxDescription = 8192;
    private const int MaxPrerequisites = 64;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Reads one course.</summary>
    /// <param name="json">One JSON object, at most <see cref="Course.MaxBytes"/>.</param>
    /// <param name="id">The id that the course must have; it may then be left out of the object. Null when the object
    /// names it.</param>
    /// <param name="course">The course, when the answer is true.</param>
    /// <param name="error">What was wrong, when the answer is false.</param>
    public static bool TryRead(ReadOnlyMemory<byte> json, string? id, out Course? course, out CourseError error)
    {
        course = null;
        if (json.Length > Course.MaxBytes)
        {
            error = new("", $"a course is at most {Course.MaxBytes} bytes, this one is {json.Length}");
            return false;
        }
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            course = Read(document.RootElement, id);
            error = default;
            return true;
        }
        catch (JsonException e)
        {
            error = new("", $"not a JSON object: {e.Message}");
        }
        catch (RefusedException e)
        {
            error = e.Error;
        }
        return false;
    }

    private static Course Read(JsonElement json, string? id)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new RefusedException("", "a course is a JSON object");
        var course = new Course { Id = id ?? "", Title = "" };
        foreach (var property in json.EnumerateObject())
            course = With(course, Name(property), property.Value);
        if (PrintableText.Fault(course.Id) is { } fault)
            throw new RefusedException("id", fault);
        if (id is not null && course.Id != id)
            throw new RefusedException("id", "differs from the id in the address");
        if (course.Title.Length == 0)
            throw new RefusedException("title", "is required");
        return course;
    }

    private static Course With(Course course, string field, JsonElement value) =>
        field switch
        {
            "id" => course with { Id = Text(field, value, 128) ?? "" },
            "title" => course with { Title = Text(field, value, MaxText) ?? "" },
            "subject" => course with { Subject = Text(field, value, MaxText) },
            "level" => course with { Level = Text(field, value, MaxText) },
            "description" => course with { Description = Text(field, value, MaxDescription) },
            "prerequisites" => course with { Prerequisites = Ids(field, value) },
            "available" => course with { Available = Flag(field, value) },
            "price" => course with { Price = Price(field, value) },
            "language" => course with { Language = Text(field, value, 35) },
            "url" => course with { Url = Url(field, value) },
            _ => throw new RefusedException(field, "is not a field of a course"),
        };

    private static string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw new RefusedException("", "a field's name is not valid Unicode text");
        }
    }

    private static string? Text(string field, JsonElement value, int longest)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.String)
            throw new RefusedException(field, "must be text");
        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new RefusedException(field, "is not valid Unicode text");
        }
        if (text.Length > longest)
            throw new RefusedException(field, $"must be at most {longest} characters");
        return text;
    }

    private static IReadOnlyList<string> Ids(string field, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return [];
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > MaxPrerequisites)
            throw new RefusedException(field, $"must be an array of at most {MaxPrerequisites} course ids");
        var ids = new List<string>(value.GetArrayLength());
        foreach (var element in value.EnumerateArray())
        {
            var id = Text(field, element, 128);
            if (PrintableText.Fault(id) is { } fault)
                throw new RefusedException(field, $"every id {fault}");
            ids.Add(id!);
        }
        return ids;
    }

    private static bool Flag(string field, JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new RefusedException(field, "must be true or false"),
        };

    private static double? Price(string field, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var price) && price is >= 0 and < 1e12)
            return price;
        throw new RefusedException(field, "must be a number, 0 or more");
    }

    private static string? Url(string field, JsonElement value)
    {
        var text = Text(field, value, 2048);
        if (text is null || (Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme is "http" or "https")))
            return text;
        throw new RefusedException(field, "must be an absolute http or https address");
    }

    private sealed class RefusedException(string name, string reason) : Exception(reason)
    {
        public CourseError Error => new(name, Message);
    }
}
