using CourseRec.Node.Cluster;
using CourseRec.Node.Http;

namespace CourseRec.Node.Operations;

/// <summary>Health, metrics, the live figures, and the interface described: a document, and a page of it.</summary>
internal static class OperationsEndpoints
{
    public static IServiceCollection AddOperations(this IServiceCollection services)
    {
        services.AddSingleton<NodeMetrics>();
        services.AddSingleton<Readiness>().AddSingleton<ShardReader>().AddSingleton<LiveReader>();
        return services.AddSingleton<AppliedRate>().AddHostedService(sp => sp.GetRequiredService<AppliedRate>());
    }

    public static void MapOperations(this WebApplication app)
    {
        app.MapGet("/health/live", () => TypedResults.Json(new Health("live"), NodeJson.Readable.Health))
            .WithTags("Operations")
            .WithSummary("Whether the process answers")
            .Produces<Health>();
        app.MapGet("/health/ready", ReadyAsync)
            .WithTags("Operations")
            .WithSummary("Whether the catalogue is read and every partition is served")
            .Produces<Health>()
            .ProducesProblems(503);
        var scrape = Scraping(app);
        // Asked for here, the instruments that only report what there is are made with the first scrape at the latest.
        app.MapGet("/metrics", (HttpContext context, NodeMetrics _, ClusterMetrics __) => scrape(context))
            .WithTags("Operations")
            .WithSummary("Metrics in the Prometheus text format")
            .Produces<string>(contentType: "text/plain");
        app.MapGet("/v1/live", LiveAsync)
            .WithTags("Operations")
            .WithSummary("The running system at a glance, for the page")
            .Produces<LiveFigures>();
        app.MapOpenApi();
        app.MapDocs();
    }

    private static async Task ReadyAsync(HttpContext context, Readiness readiness)
    {
        if (readiness.Reasons() is { Count: > 0 } reasons)
        {
            context.Response.Headers.RetryAfter = "1";
            var problem = new Problem(
                "Not ready",
                StatusCodes.Status503ServiceUnavailable,
                reasons[0],
                Reasons: reasons
            );
            await ProblemResult.WriteAsync(context, problem);
        }
        else
            await context.Response.WriteAsJsonAsync(new Health("ready"), NodeJson.Readable.Health);
    }

    private static async Task<IResult> LiveAsync(LiveReader live, CancellationToken cancel) =>
        TypedResults.Json(await live.ReadAsync(cancel), NodeJson.Readable.LiveFigures);

    /// <summary>The exporter's middleware, to be an endpoint that is described as the others are.</summary>
    private static RequestDelegate Scraping(IEndpointRouteBuilder routes) =>
        routes.CreateApplicationBuilder().UseOpenTelemetryPrometheusScrapingEndpoint(_ => true).Build();
}
