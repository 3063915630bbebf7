namespace CourseRec.Node.Http;

/// <summary>Writes problems.</summary>
internal static class ProblemResult
{
    public const string ContentType = "application/problem+json";

    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        context.Response.StatusCode = problem.Status;
        return context.Response.WriteAsJsonAsync(
            problem,
            NodeJson.Readable.Problem,
            ContentType,
            context.RequestAborted
        );
    }
}
