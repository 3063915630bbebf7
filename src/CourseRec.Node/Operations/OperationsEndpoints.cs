using CourseRec.Node.Cluster;
using CourseRec.Node.Http;

namespace CourseRec.Node.Operations;

/// <summary>Health, metrics, the live figures, and the interface described: a document, and a page of it.</summary>
internal static class OperationsEndpoints
{
    public static IServiceCollection AddOperations(this IServiceCollection services)
    {
        services.AddSingleton<MetricsCollector>().AddSingleton<NodeMetrics>();
        services
            .AddSingleton<Readiness>()
            .AddSingleton<ShardReader>()
            .AddSingleton<LiveReader>()
            .AddSingleton<KafkaReader>();
        return services.AddSingleton<AppliedRate>().AddHostedService(sp => sp.GetRequiredService<AppliedRate>());
    }

    public static void MapOperations(this WebApplication app)
    {
        // From the start, not from the first scrape: a listener sees only what happens while it listens.
        app.Services.GetRequiredService<MetricsCollector>();
        app.MapGet("/health/live", () => TypedResults.Json(new Health("live"), NodeJson.Readable.Health))
            .WithTags("Operations")
            .WithSummary("Whether the process answers")
            .Produces<Health>();
        app.MapGet("/health/ready", ReadyAsync)
            .WithTags("Operations")
            .WithSummary("Whether the catalogue is read and every partition is served")
            .Produces<Health>()
            .ProducesProblems(503);
        app.MapGet("/metrics", Metrics)
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

    // Asked for here, the instruments that only report what there is are made with the first scrape at the latest.
    private static IResult Metrics(MetricsCollector metrics, NodeMetrics _, ClusterMetrics __)
    {
        var output = new StringWriter();
        metrics.Write(output);
        return TypedResults.Text(output.ToString(), PrometheusText.ContentType);
    }
}
