namespace CourseRec.Node.Http;

/// <summary>What the HTTP interface needs.</summary>
internal static class ApiServices
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddRouting().AddSingleton<CatalogueWriter>();
        services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, NodeJson.Default)
        );
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        return services.AddOpenApi(
            "v1",
            document =>
                document.AddDocumentTransformer(
                    (api, _, _) =>
                    {
                        api.Info.Title = "CourseRec";
                        api.Info.Description =
                            "Interactions in, recommendations out. Errors are application/problem+json.";
                        api.Info.Version = "v1";
                        return Task.CompletedTask;
                    }
                )
        );
    }

    /// <summary>Documents the errors that an endpoint can answer.</summary>
    public static RouteHandlerBuilder ProducesProblems(
        this RouteHandlerBuilder endpoint,
        params ReadOnlySpan<int> statuses
    )
    {
        foreach (var status in statuses)
            endpoint.Produces<Problem>(status, ProblemResult.ContentType);
        return endpoint;
    }
}
