using CourseRec.Node.Http;

namespace CourseRec.Node.Push;

/// <summary>The hub, and what it needs.</summary>
internal static class PushEndpoints
{
    public const string Path = "/hubs/recommendations";
    private const int MaxMessageBytes = 64 * 1024;

    public static IServiceCollection AddPush(this IServiceCollection services)
    {
        services
            .AddSignalR(hubs => hubs.MaximumReceiveMessageSize = MaxMessageBytes)
            .AddJsonProtocol(json => json.PayloadSerializerOptions.TypeInfoResolverChain.Insert(0, NodeJson.Default));
        return services.AddSingleton<PushWindow>().AddSingleton<HubSinks>().AddSingleton<BacklogGate>();
    }

    public static void MapPush(this WebApplication app)
    {
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(Path),
            branch => branch.Use(next => context => HubUser.CheckAsync(context, next))
        );
        app.MapHub<RecommendationsHub>(Path);
    }
}
