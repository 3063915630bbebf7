using CourseRec.Actors.Intake;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Recommendations;
using CourseRec.Node.Cluster;

namespace CourseRec.Node.Http;

/// <summary><c>/v1/users</c>: sessions and recommendations out.</summary>
internal static class UsersEndpoints
{
    private const int UserSegment = 2;
    private static readonly RoutedByUser ByUser = new(context => ParameterBinding.Id(context, UserSegment));

    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/v1/users").WithTags("Users");
        users
            .MapGet("/{id}", SessionAsync)
            .WithMetadata(ByUser)
            .WithSummary("A user's session")
            .WithDescription(
                "A user without events has an empty one, at offset -1. One who is parked has none to show: 409 "
                    + "says why."
            )
            .Produces<SessionView>()
            .ProducesProblems(400, 409, 503);
        users
            .MapGet("/{id}/recommendations", RecommendAsync)
            .WithMetadata(ByUser)
            .WithSummary("A user's recommendations now, best first")
            .WithDescription("409 when the user is parked.")
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

    private static async Task<IResult> SessionAsync(string id, HttpContext context, SessionHost sessions)
    {
        id = ParameterBinding.Id(context, UserSegment);
        var session = await sessions.GetSessionAsync(id, context.RequestAborted);
        return TypedResults.Json(session, NodeJson.Readable.SessionView);
    }

    private static async Task<IResult> RecommendAsync(string id, int? count, HttpContext context, SessionHost sessions)
    {
        id = ParameterBinding.Id(context, UserSegment);
        var wanted = ParameterBinding.Bounded("count", count, fallback: 10, least: 1, most: 100);
        var list = await sessions.GetRecommendationsAsync(id, wanted, context.RequestAborted);
        return TypedResults.Json(list, NodeJson.Readable.RecommendationList);
    }

    private static async Task<IResult> EraseAsync(string id, HttpContext context, InteractionIntake intake)
    {
        id = ParameterBinding.Id(context, UserSegment);
        await intake.EraseAsync(id, context.RequestAborted);
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }
}
