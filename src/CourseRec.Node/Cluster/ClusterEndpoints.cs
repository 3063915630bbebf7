using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Node.Http;
using CourseRec.Node.Operations;
using CourseRec.Node.Options;
using CourseRec.Node.Training;
using CourseRec.Persistence.Cassandra;
using CourseRec.Persistence.Nodes;

namespace CourseRec.Node.Cluster;

/// <summary>This node among others, and <c>/v1/cluster</c>.</summary>
internal static class ClusterEndpoints
{
    public static IServiceCollection AddCluster(this IServiceCollection services, NodeOptions options)
    {
        if (options.IsClustered)
            services.AddSingleton<IHostLifetime, LeavingLifetime>();
        services
            .AddSingleton(DirectoryOf)
            .AddSingleton<ThisNode>()
            .AddSingleton<ClusterView>()
            .AddSingleton<FormerLife>();
        services.AddSingleton<NodeForwarder>().AddSingleton<ClusterReader>().AddSingleton<ClusterMetrics>();
        if (options.FollowsModel)
            services.AddSingleton<ModelFollower>().AddHostedService(sp => sp.GetRequiredService<ModelFollower>());
        return services.AddHostedService<Heartbeat>();
    }

    /// <summary>A node that is alone answers everything itself.</summary>
    public static void UseOwnerRouting(this WebApplication app, NodeOptions options)
    {
        if (options.IsClustered)
            app.UseMiddleware<OwnerRouting>();
    }

    public static void MapCluster(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/v1/cluster", ReadAsync)
            .WithTags("Operations")
            .WithSummary("The nodes and shards of the cluster, as this node sees them")
            .WithDescription(
                "This node as it is; the others as they published themselves, seconds ago at most. A hint: Kafka "
                    + "decides who owns a partition."
            )
            .Produces<ClusterReport>()
            .ProducesProblems(503);

    private static async Task<IResult> ReadAsync(ClusterReader cluster, CancellationToken cancel) =>
        TypedResults.Json(await cluster.ReadAsync(cancel), NodeJson.Readable.ClusterReport);

    private static INodeDirectory DirectoryOf(IServiceProvider services) =>
        services.GetRequiredService<ISessionStore>() is CassandraSessionStore shared
        && services.GetRequiredService<NodeOptions>().IsClustered
            ? shared.Nodes
            : new LocalNodeDirectory();
}
