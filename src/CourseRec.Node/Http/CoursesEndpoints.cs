using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Intake;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Recommendations;

namespace CourseRec.Node.Http;

/// <summary><c>/v1/courses</c>: the catalogue, and what the model knows of a course.</summary>
internal static class CoursesEndpoints
{
    private const int CourseSegment = 2;

    public static void MapCourses(this IEndpointRouteBuilder routes)
    {
        var courses = routes.MapGroup("/v1/courses").WithTags("Courses");
        courses
            .MapPut("/{id}", PutAsync)
            .WithSummary("Writes a course")
            .Accepts<Course>("application/json")
            .Produces<Course>()
            .ProducesProblems(400, 413, 415, 503);
        courses
            .MapPost("", PostAsync)
            .WithSummary("Writes an array of at most 1,000 courses; invalid ones are left out and reported")
            .Accepts<Course[]>("application/json")
            .Produces<CoursesAccepted>()
            .ProducesProblems(400, 413, 415, 503);
        courses.MapGet("/{id}", Get).WithSummary("A course").Produces<Course>().ProducesProblems(400, 404);
        courses
            .MapDelete("/{id}", DeleteAsync)
            .WithSummary("Takes a course out of the catalogue, and so out of recommendations")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(400, 404, 503);
        courses
            .MapGet("", Search)
            .WithSummary("Searches the catalogue by words of title, subject and id")
            .Produces<CatalogueMatches>()
            .ProducesProblems(400);
        courses
            .MapGet("/{id}/similar", Similar)
            .WithSummary("The courses most often taken after a course")
            .Produces<CourseList>()
            .ProducesProblems(400);
        routes
            .MapGet("/v1/popular", Popular)
            .WithTags("Courses")
            .WithSummary("The most popular courses now")
            .Produces<CourseList>()
            .ProducesProblems(400);
    }

    private static async Task<IResult> PutAsync(string id, HttpContext context, CatalogueWriter writer)
    {
        id = ParameterBinding.Id(context, CourseSegment);
        using var body = await RequestBody.ReadAsync(context);
        return TypedResults.Json(
            await writer.PutAsync(id, body.Json, context.RequestAborted),
            NodeJson.Readable.Course
        );
    }

    private static async Task<IResult> PostAsync(HttpContext context, CatalogueWriter writer)
    {
        using var body = await RequestBody.ReadAsync(context);
        var result = await writer.PutAllAsync(body.Json, context.RequestAborted);
        return TypedResults.Json(result, NodeJson.Readable.CoursesAccepted);
    }

    private static IResult Get(string id, HttpContext context, CourseCatalogue catalogue)
    {
        id = ParameterBinding.Id(context, CourseSegment);
        var course = catalogue.Find(id) ?? throw NotFound(id);
        return TypedResults.Json(course, NodeJson.Readable.Course);
    }

    private static async Task<IResult> DeleteAsync(
        string id,
        HttpContext context,
        CourseCatalogue catalogue,
        CatalogueWriter writer
    )
    {
        id = ParameterBinding.Id(context, CourseSegment);
        if (catalogue.Find(id) is null)
            throw NotFound(id);
        await writer.DeleteAsync(id, context.RequestAborted);
        return TypedResults.NoContent();
    }

    private static IResult Search(string? q, string? subject, int? skip, int? take, CourseCatalogue catalogue)
    {
        var passed = ParameterBinding.Bounded("skip", skip, fallback: 0, least: 0, most: 1_000_000);
        var taken = ParameterBinding.Bounded("take", take, fallback: 20, least: 0, most: 1_000);
        var matches = catalogue.Search(q, string.IsNullOrEmpty(subject) ? null : subject, passed, taken);
        return TypedResults.Json(matches, NodeJson.Readable.CatalogueMatches);
    }

    private static IResult Similar(string id, int? count, HttpContext context, SessionHost sessions)
    {
        id = ParameterBinding.Id(context, CourseSegment);
        var wanted = ParameterBinding.Bounded("count", count, fallback: 10, least: 1, most: 100);
        return TypedResults.Json(new CourseList(sessions.Similar(id, wanted)), NodeJson.Readable.CourseList);
    }

    private static IResult Popular(int? count, SessionHost sessions)
    {
        var wanted = ParameterBinding.Bounded("count", count, fallback: 10, least: 1, most: 100);
        return TypedResults.Json(new CourseList(sessions.Popular(wanted)), NodeJson.Readable.CourseList);
    }

    private static ProblemException NotFound(string id) =>
        new(StatusCodes.Status404NotFound, $"The catalogue has no course '{id}'.", "id");
}

/// <summary>Courses, best first.</summary>
/// <param name="Items">The courses.</param>
public sealed record CourseList(IReadOnlyList<Recommendation> Items);

/// <summary>What became of a request's courses.</summary>
/// <param name="Accepted">Courses that are durable now.</param>
/// <param name="Rejected">The others: index in the request, and the reason, which begins with the field at
/// fault.</param>
public sealed record CoursesAccepted(int Accepted, IReadOnlyList<RejectedEvent> Rejected);
