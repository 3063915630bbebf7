using CourseRec.Actors;
using CourseRec.Actors.Intake;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Recommendations;

namespace CourseRec.Node.Http;

/// <summary><c>/v1/users</c>: sessions and recommendations out.</summary>
internal static class UsersEndpoints
{
    private const int UserSegment = 2;

    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/v1/users").WithTags("Users");
        users
            .MapGet("/{id}", SessionAsync)
            .WithSummary("A user's session")
            .WithDescription(
                "A user without events has an empty one, at offset -1. With after=VERSION it reflects that version, "
                    + "or is answered 503 after 2 s. One who is parked has none to show: 409 "
                    + "says why."
            )
            .Produces<SessionView>()
            .ProducesProblems(400, 409, 503);
        users
            .MapGet("/{id}/recommendations", RecommendAsync)
            .WithSummary("A user's recommendations now, best first")
            .WithDescription("After=VERSION as for the session. 409 when the user is parked.")
            .Produces<RecommendationList>()
            .ProducesProblems(400, 409, 503);
        users
            .MapDelete("/{id}", EraseAsync)
            .WithSummary("Erases a user")
            .WithDescription(
                "Everything kept about the user up to now goes, and does not come back by replay. Accepted is durable."
            )
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblems(400, 429, 503);
    }

    private static async Task<IResult> SessionAsync(string id, long? after, HttpContext context, SessionHost sessions)
    {
        id = ParameterBinding.Id(context, UserSegment);
        var session = await sessions.GetSessionAsync(id, Version(after), context.RequestAborted);
        return TypedResults.Json(session, NodeJson.Readable.SessionView);
    }

    private static async Task<IResult> RecommendAsync(
        string id,
        int? count,
        long? after,
        HttpContext context,
        SessionHost sessions
    )
    {
        id = ParameterBinding.Id(context, UserSegment);
        var wanted = ParameterBinding.Bounded("count", count, fallback: 10, least: 1, most: 100);
        var list = await sessions.GetRecommendationsAsync(id, wanted, Version(after), context.RequestAborted);
        return TypedResults.Json(list, NodeJson.Readable.RecommendationList);
    }

    /// <summary>The version that a read is to reflect, as the answer to an event names it.</summary>
    private static LogVersion Version(long? after) =>
        after is null or >= 0
            ? new(after ?? 0)
            : throw ProblemException.Invalid("after", "must be a version, as the answer to an event names it");

    private static async Task<IResult> EraseAsync(string id, HttpContext context, InteractionIntake intake)
    {
        id = ParameterBinding.Id(context, UserSegment);
        await intake.EraseAsync(id, context.RequestAborted);
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }
}
