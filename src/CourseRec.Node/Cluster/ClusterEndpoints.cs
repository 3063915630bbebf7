using CourseRec.Node.Http;
using CourseRec.Node.Options;
using CourseRec.Node.Training;

namespace CourseRec.Node.Cluster;

/// <summary>This node among others, and <c>/v1/cluster</c>.</summary>
internal static class ClusterEndpoints
{
    public static IServiceCollection AddCluster(this IServiceCollection services, NodeOptions options)
    {
        if (options.IsClustered)
            services.AddSingleton<IHostLifetime, LeavingLifetime>();
        services.AddSingleton<ThisNode>().AddSingleton<ClusterMembers>();
        services.AddSingleton<ClusterReader>().AddSingleton<ClusterMetrics>();
        return options.FollowsModel
            ? services.AddSingleton<ModelFollower>().AddHostedService(sp => sp.GetRequiredService<ModelFollower>())
            : services;
    }

    public static void MapCluster(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/v1/cluster", ReadAsync)
            .WithTags("Operations")
            .WithSummary("The nodes and shards of the cluster, as this node sees them")
            .WithDescription(
                "Members with their status and whether they can be reached; what each says of itself is asked for now, "
                    + "and of one that does not answer within a second it is what it last said."
            )
            .Produces<ClusterReport>()
            .ProducesProblems(503);

    private static async Task<IResult> ReadAsync(ClusterReader cluster, CancellationToken cancel) =>
        TypedResults.Json(await cluster.ReadAsync(cancel), NodeJson.Readable.ClusterReport);
}
