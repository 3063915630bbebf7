using System.Globalization;
using CourseRec.Actors.Intake;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Node.Hosting;
using CourseRec.Node.Operations;
using CourseRec.Node.Options;
using Microsoft.AspNetCore.WebUtilities;

namespace CourseRec.Node.Http;

/// <summary>Every error is an <c>application/problem+json</c>, whoever noticed it.</summary>
internal sealed class ProblemMiddleware(
    RequestDelegate next,
    NodeOptions options,
    NodeMetrics metrics,
    ILogger<ProblemMiddleware> logger
)
{
    private readonly string _retryAfter = Math.Ceiling(options.Intake.RetryAfter.TotalSeconds)
        .ToString(CultureInfo.InvariantCulture);

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (IsBareError(context.Response))
                await WriteAsync(context, context.Response.StatusCode, Advice(context.Response.StatusCode));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            var (status, field) = Classify(e);
            if (status == StatusCodes.Status500InternalServerError)
                NodeLog.RequestFailed(logger, e, context.Request.Method, context.Request.Path);
            var detail = (e, field) switch
            {
                _ when status == StatusCodes.Status500InternalServerError => "An error of ours: it is logged.",
                (BadHttpRequestException, { } parameter) => $"{parameter}: must be a whole number",
                _ => e.Message,
            };
            await WriteAsync(context, status, detail, field);
        }
    }

    private static bool IsBareError(HttpResponse response) =>
        response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null };

    private static string? Advice(int status) =>
        status switch
        {
            StatusCodes.Status404NotFound =>
                "There is nothing at this address; /openapi/v1.json has those that there are.",
            StatusCodes.Status415UnsupportedMediaType => RequestBody.MustBeJson,
            _ => null,
        };

    private (int Status, string? Field) Classify(Exception error)
    {
        switch (error)
        {
            case ProblemException problem:
                return (problem.Status, problem.Field);
            case IntakeRefusedException refused:
                return (refused.IsTooLarge ? 413 : 400, null);
            case BadHttpRequestException bad:
                return (bad.StatusCode, ParameterBinding.NameIn(bad.Message));
            case LogBusyException:
                metrics.Busy();
                return (StatusCodes.Status429TooManyRequests, null);
            case LogUnavailableException or StoreUnavailableException:
                metrics.Unavailable();
                return (StatusCodes.Status503ServiceUnavailable, null);
            case UserParkedException:
                return (StatusCodes.Status409Conflict, null);
            case NotOwnedException:
                return (StatusCodes.Status503ServiceUnavailable, null);
            default:
                return (StatusCodes.Status500InternalServerError, null);
        }
    }

    private Task WriteAsync(HttpContext context, int status, string? detail, string? field = null)
    {
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = _retryAfter;
        var problem = new Problem(ReasonPhrases.GetReasonPhrase(status), status, detail, field);
        return ProblemResult.WriteAsync(context, problem);
    }
}
