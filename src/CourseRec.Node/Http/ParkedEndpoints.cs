using CourseRec.Actors;
using CourseRec.Actors.Intake;
using CourseRec.Actors.Ports;

namespace CourseRec.Node.Http;

/// <summary>Users who are parked: listed from the store, so by any node, and released by a record in the log.</summary>
internal static class ParkedEndpoints
{
    private const int UserSegment = 2;

    public static void MapParked(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/v1/parked", ListAsync)
            .WithTags("Operations")
            .WithSummary("The users whose events are put aside, with the reason")
            .Produces<ParkedUsers>()
            .ProducesProblems(503);
        routes
            .MapPost("/v1/users/{id}/unpark", UnparkAsync)
            .WithTags("Operations")
            .WithSummary("Folds a parked user's events again from now on")
            .WithDescription(
                "After the cause is mended. What was put aside is replayed by 'courserec dead-letters replay'. 404 "
                    + "when the user is not parked."
            )
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblems(400, 404, 429, 503);
    }

    private static async Task<IResult> ListAsync(IInteractionLog log, ISessionStore store, CancellationToken cancel)
    {
        var parked = await store.ListParkedAsync(cancel);
        var partitions = log.Identity.Partitions;
        return TypedResults.Json(
            new ParkedUsers([.. parked.Select(parking => ParkedUser.Of(parking, partitions))]),
            NodeJson.Readable.ParkedUsers
        );
    }

    private static async Task<IResult> UnparkAsync(
        string id,
        HttpContext context,
        InteractionIntake intake,
        ISessionStore store
    )
    {
        id = ParameterBinding.Id(context, UserSegment);
        var parked = await store.ListParkedAsync(context.RequestAborted);
        var parking =
            parked.FirstOrDefault(parking => parking.User == id)
            ?? throw new ProblemException(StatusCodes.Status404NotFound, $"user {id} is not parked");
        await intake.UnparkAsync(parking, context.RequestAborted);
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }
}

/// <summary>The users who are parked.</summary>
/// <param name="Parked">The users.</param>
public sealed record ParkedUsers(IReadOnlyList<ParkedUser> Parked);

/// <summary>A user whose events are put aside.</summary>
/// <param name="User">The user.</param>
/// <param name="Partition">The partition of the user's events.</param>
/// <param name="Version">The first record that was put aside: generation &lt;&lt; 40 | offset.</param>
/// <param name="Time">When it was found.</param>
/// <param name="Reason">What is wrong.</param>
public sealed record ParkedUser(string User, int Partition, long Version, DateTimeOffset Time, string Reason)
{
    /// <summary>What is stored of a parked user, as it is told.</summary>
    public static ParkedUser Of(Parking parking, int partitions) =>
        new(
            parking.User,
            Partitioner.PartitionOf(parking.User, partitions),
            parking.Version.Value,
            DateTimeOffset.FromUnixTimeMilliseconds(parking.Time),
            parking.Reason!
        );
}
