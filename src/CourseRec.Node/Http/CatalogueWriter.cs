using System.Text.Json;
using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Intake;
using CourseRec.Actors.Ports;

namespace CourseRec.Node.Http;

/// <summary>
/// Writes courses to the catalogue's log, and waits until this node has folded them: who wrote a course can read it.
/// </summary>
internal sealed class CatalogueWriter(ICatalogueLog log, CatalogueFollower follower)
{
    private const int MaxCourses = 1_000;

    public async Task<Course> PutAsync(string id, ReadOnlyMemory<byte> json, CancellationToken cancel)
    {
        if (!CourseReader.TryRead(json, id, out var course, out var error))
            throw Refused(error);
        await AppendAsync([new(id, course!.ToJson())], cancel);
        return course;
    }

    public async Task<CoursesAccepted> PutAllAsync(ReadOnlyMemory<byte> json, CancellationToken cancel)
    {
        var records = new List<NewCatalogueRecord>();
        var rejected = new List<RejectedEvent>();
        foreach (var (index, element) in Elements(json).Index())
        {
            if (CourseReader.TryRead(element, null, out var course, out var error))
                records.Add(new(course!.Id, course.ToJson()));
            else
                rejected.Add(new(index, error.ToString()));
        }
        if (records.Count > 0)
            await AppendAsync(records, cancel);
        return new(records.Count, rejected);
    }

    public Task DeleteAsync(string id, CancellationToken cancel) =>
        AppendAsync([new(id, ReadOnlyMemory<byte>.Empty)], cancel);

    private async Task AppendAsync(IReadOnlyList<NewCatalogueRecord> records, CancellationToken cancel)
    {
        await log.AppendAsync(records, cancel);
        await follower.WhenReadAsync(await log.EndAsync(cancel), cancel);
    }

    private static List<ReadOnlyMemory<byte>> Elements(ReadOnlyMemory<byte> json)
    {
        try
        {
            return Split(json);
        }
        catch (JsonException e)
        {
            throw new ProblemException(StatusCodes.Status400BadRequest, $"The body is not JSON: {e.Message}");
        }
    }

    private static List<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> json)
    {
        var elements = new List<ReadOnlyMemory<byte>>();
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new ProblemException(
                StatusCodes.Status400BadRequest,
                "The body must be an array of courses; write a single one with PUT /v1/courses/{id}."
            );
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (elements.Count == MaxCourses)
                throw new ProblemException(
                    StatusCodes.Status413PayloadTooLarge,
                    $"A request carries at most {MaxCourses} courses."
                );
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            elements.Add(json[start..(int)reader.BytesConsumed]);
        }
        reader.Read();
        return elements;
    }

    private static ProblemException Refused(CourseError error) =>
        new(StatusCodes.Status400BadRequest, error.ToString(), error.Field.Length == 0 ? null : error.Field);
}
