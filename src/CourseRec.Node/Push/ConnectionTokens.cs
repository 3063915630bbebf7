using System.Buffers;
using CourseRec.Node.Cluster;
using Microsoft.AspNetCore.Http.Connections;

namespace CourseRec.Node.Push;

/// <summary>
/// The token that SignalR gives a connection, and that each of its requests brings along, names the node which holds
/// the connection: so they find it through any node, and whoever serves its user by then.
/// </summary>
internal sealed class ConnectionTokens(ThisNode self) : IMiddleware
{
    private const string Parameter = "id";
    private const char Separator = '.'; // In no token of SignalR's, which is base64url.

    /// <summary>Whether a request belongs to a connection that was negotiated before.</summary>
    public static bool IsIn(HttpRequest request) =>
        request.Path == PushEndpoints.Path && request.Query.ContainsKey(Parameter);

    /// <summary>The node that holds the connection which a request belongs to; null when none is named.</summary>
    public static string? HolderOf(HttpRequest request) =>
        request.Query[Parameter].ToString().Split(Separator, 2) is [_, var node] ? node : null;

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (PushEndpoints.IsNegotiation(context.Request))
            return NegotiateAsync(context, next);
        if (HolderOf(context.Request) is not null)
            context.Request.Query = Unnamed(context.Request.Query);
        return next(context);
    }

    private async Task NegotiateAsync(HttpContext context, RequestDelegate next)
    {
        var body = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = body;
        }
        ReadOnlyMemory<byte> bytes = answer.ToArray();
        if (context.Response.StatusCode == StatusCodes.Status200OK)
            bytes = Named(bytes.Span);
        context.Response.ContentLength = bytes.Length;
        await body.WriteAsync(bytes, context.RequestAborted);
    }

    private ReadOnlyMemory<byte> Named(ReadOnlySpan<byte> negotiated)
    {
        var response = NegotiateProtocol.ParseResponse(negotiated);
        if (response.ConnectionToken is { } token)
            response.ConnectionToken = $"{token}{Separator}{self.Id}";
        var named = new ArrayBufferWriter<byte>();
        NegotiateProtocol.WriteResponse(response, named);
        return named.WrittenMemory;
    }

    private static QueryCollection Unnamed(IQueryCollection query)
    {
        var parameters = query.ToDictionary(pair => pair.Key, pair => pair.Value);
        parameters[Parameter] = parameters[Parameter].ToString().Split(Separator, 2)[0];
        return new(parameters);
    }
}
