using CourseRec.Actors.Ports;
using CourseRec.Node.Http;
using CourseRec.Node.Options;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace CourseRec.Node.Push;

/// <summary>The hub, and what it needs.</summary>
public static class PushEndpoints
{
    internal const string Path = "/hubs/recommendations";
    private const int MaxMessageBytes = 64 * 1024;

    /// <summary>
    /// A quiet connection hears this often that its node lives. The page gives it up after 10 s of silence.
    /// </summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(4);

    internal static IServiceCollection AddPush(this IServiceCollection services)
    {
        services
            .AddSignalR(hubs =>
            {
                hubs.MaximumReceiveMessageSize = MaxMessageBytes;
                hubs.KeepAliveInterval = KeepAlive;
            })
            .AddJsonProtocol(json =>
            {
                json.PayloadSerializerOptions.TypeInfoResolverChain.Insert(0, NodeJson.Default);
                json.PayloadSerializerOptions.Encoder = NodeJson.Readable.Options.Encoder;
            })
            .AddMessagePackProtocol();
        services
            .AddOptions<MessagePackHubProtocolOptions>()
            .Configure<IOptions<JsonHubProtocolOptions>>(
                (messagePack, json) =>
                    messagePack.SerializerOptions = HubMessagePack.As(json.Value.PayloadSerializerOptions)
            );
        return services.AddSingleton<HubAdmission>().AddSingleton<PushWindow>().AddSingleton<BacklogGate>();
    }

    /// <summary>The hub's address for a user, below a node's.</summary>
    public static string AddressOf(string user) => $"{Path}?user={Uri.EscapeDataString(user)}";

    /// <summary>Whether a request asks where and how to connect.</summary>
    internal static bool IsNegotiation(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.Path == $"{Path}/negotiate";

    internal static void MapPush(this WebApplication app, NodeOptions options)
    {
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(Path),
            branch =>
            {
                branch.Use(next => context => CheckRoleAsync(context, options.Cluster, next));
                branch.Use(next => context => HubUser.CheckAsync(context, next));
                branch.UseWebSockets();
            }
        );
        app.MapHub<RecommendationsHub>(Path);
    }

    /// <summary>A request that makes a connection waits for its turn.</summary>
    public static void UseAdmission(this WebApplication app) =>
        app.UseWhen(
            context => IsNegotiation(context.Request) || IsDirect(context),
            branch => branch.UseMiddleware<HubAdmission>()
        );

    /// <summary>A WebSocket without a negotiation before it.</summary>
    private static bool IsDirect(HttpContext context) =>
        context.Request.Path == Path
        && context.WebSockets.IsWebSocketRequest
        && !context.Request.Query.ContainsKey("id");

    /// <summary>Only a gateway takes connections.</summary>
    private static Task CheckRoleAsync(HttpContext context, ClusterOptions cluster, RequestDelegate next) =>
        cluster.Has(NodeRole.Gateway)
            ? next(context)
            : throw new ProblemException(
                StatusCodes.Status421MisdirectedRequest,
                "This node takes no push connections; connect to one with the gateway role."
            );
}
