using CourseRec.Actors.Ports;
using CourseRec.Node.Cluster;
using CourseRec.Node.Http;
using CourseRec.Node.Options;
using Microsoft.AspNetCore.Cors.Infrastructure;
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
        services.AddCors().AddSingleton<HubConnections>().AddSingleton<HubAdmission>().AddSingleton<ConnectionTokens>();
        return services.AddSingleton<PushWindow>().AddSingleton<HubSinks>().AddSingleton<BacklogGate>();
    }

    /// <summary>
    /// A request that bears this header was sent on by a node, and is answered by the one it came to.
    /// </summary>
    public const string ForwardedBy = "CourseRec-Forwarded-By";

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
                if (options.IsClustered)
                    branch.UseCors(cors => AllowPages(cors, options.Cluster));
                branch.Use(next => context => CheckRoleAsync(context, options.Cluster, next));
                branch.Use(next => context => HubUser.CheckAsync(context, next));
                branch.UseWebSockets();
            }
        );
        app.MapHub<RecommendationsHub>(Path).WithMetadata(new RoutedByUser(HubUser.Of));
    }

    /// <summary>
    /// What happens to a request of a connection where it is answered: one that makes a connection waits for its turn.
    /// </summary>
    public static void UseConnections(this WebApplication app, NodeOptions options)
    {
        app.UseWhen(
            context => IsNegotiation(context.Request) || IsDirect(context),
            branch => branch.UseMiddleware<HubAdmission>()
        );
        if (options.IsClustered)
            app.UseWhen(
                context => context.Request.Path.StartsWithSegments(Path),
                branch => branch.UseMiddleware<ConnectionTokens>()
            );
    }

    private static bool IsDirect(HttpContext context) =>
        context.Request.Path == Path
        && context.WebSockets.IsWebSocketRequest
        && !ConnectionTokens.IsIn(context.Request);

    /// <summary>A page that came from one node is sent to another with its connection.</summary>
    private static void AllowPages(CorsPolicyBuilder cors, ClusterOptions cluster) =>
        cors.SetIsOriginAllowed(origin => Uri.TryCreate(origin, UriKind.Absolute, out var url) && cluster.Allows(url))
            .AllowAnyHeader()
            .AllowAnyMethod()
            .AllowCredentials();

    /// <summary>Without the gateway role a node takes connections from gateways only.</summary>
    private static Task CheckRoleAsync(HttpContext context, ClusterOptions cluster, RequestDelegate next) =>
        cluster.Has(NodeRole.Gateway) || NodeForwarder.IsForwarded(context.Request)
            ? next(context)
            : throw new ProblemException(
                StatusCodes.Status421MisdirectedRequest,
                "This node takes no push connections; connect to one with the gateway role."
            );
}
