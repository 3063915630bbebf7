using CourseRec.Actors.Intake;
using CourseRec.Actors.Partitions;
using CourseRec.Models.Interactions;

namespace CourseRec.Node.Http;

/// <summary><c>/v1/events</c>: interactions in.</summary>
internal static class EventsEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/v1/events", AcceptAsync)
            .WithTags("Events")
            .WithSummary("Takes one interaction, or an array of at most 1,000")
            .WithDescription(
                "What is answered as accepted is on disk. Of an array, invalid events are left out and reported; "
                    + "at most 32 events of one user in a request."
            )
            .Accepts<EventBody>("application/json")
            .Produces<EventsAccepted>(StatusCodes.Status202Accepted)
            .ProducesProblems(400, 413, 415, 429, 503);

    private static async Task<IResult> AcceptAsync(
        HttpContext context,
        InteractionIntake intake,
        BacklogGate gate,
        SessionHost sessions
    )
    {
        await gate.ThrowIfBehindAsync(context.RequestAborted);
        using var body = await RequestBody.ReadAsync(context);
        var result = await intake.AcceptAsync(body.Json, onlyUser: null, context.RequestAborted);
        if (result is { IsSingle: true, Rejected: [var refused] })
            throw ProblemException.Invalid(refused.Reason);
        return TypedResults.Json(
            new EventsAccepted(result.Accepted, result.Rejected, sessions.VersionsOf(result.Ends)),
            NodeJson.Readable.EventsAccepted,
            statusCode: StatusCodes.Status202Accepted
        );
    }
}

/// <summary>What became of a request's events.</summary>
/// <param name="Accepted">Events that are durable now.</param>
/// <param name="Rejected">The others: index in the request, and the reason, which begins with the field at
/// fault.</param>
/// <param name="Versions">The partitions that they are in, each with the highest version there: a read with
/// <c>?after=VERSION</c> reflects it.</param>
public sealed record EventsAccepted(
    int Accepted,
    IReadOnlyList<RejectedEvent> Rejected,
    IReadOnlyList<PartitionVersion> Versions
);

/// <summary>An interaction, as clients send it.</summary>
/// <param name="Id">Unique; made when left out. Sending an event again with its id does no harm.</param>
/// <param name="User">The learner: 1–128 printable characters.</param>
/// <param name="Course">The course: 1–128 printable characters.</param>
/// <param name="Type">What the learner did.</param>
/// <param name="Value">A rating, or a share of progress.</param>
/// <param name="Time">When (ISO 8601); now, when left out. At most a day ahead, not before 1990.</param>
/// <param name="Source">The platform that it comes from.</param>
/// <param name="Context">Session, userAgent, language, country, referrer.</param>
public sealed record EventBody(
    string? Id,
    string User,
    string Course,
    InteractionType Type,
    double? Value,
    DateTimeOffset? Time,
    string? Source,
    IReadOnlyDictionary<string, string>? Context
);
