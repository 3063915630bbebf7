using System.Net.WebSockets;
using CourseRec.Actors.Partitions;
using CourseRec.Node.Push;
using Microsoft.AspNetCore.Http.Features;

namespace CourseRec.Node.Cluster;

/// <summary>
/// Sends a request on to another node as it is, and its answer back. One hop: a node answers a forwarded request
/// itself, or 421 (not mine).
/// </summary>
internal sealed class NodeForwarder(ThisNode self) : IDisposable
{
    /// <summary>Names the node that a request was forwarded by.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly string[] NotForwarded =
    [
        "Connection",
        "Expect",
        "Host",
        "Keep-Alive",
        "Proxy-Connection",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
    ];
    private readonly HttpMessageInvoker _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = Patience,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        }
    );

    /// <summary>Whether a request comes from another node.</summary>
    public static bool IsForwarded(HttpRequest request) => request.Headers.ContainsKey(PushEndpoints.ForwardedBy);

    /// <summary>Asks a node whether it serves a request's user. False also when it does not answer.</summary>
    public async Task<bool> ServesAsync(Uri node, HttpContext context)
    {
        using var question = Message(HttpMethod.Head, AddressAt(node, context));
        using var patience = Limit(context);
        try
        {
            using var answer = await _http.SendAsync(question, patience.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (IsAway(e, context))
        {
            return false;
        }
    }

    /// <summary>Forwards. False, with nothing answered yet: the node is not the one, or not there.</summary>
    /// <param name="context">The request.</param>
    /// <param name="node">Where to.</param>
    /// <param name="isAnsweredLate">The answer may be waited for, as with long polling.</param>
    public async Task<bool> TryForwardAsync(HttpContext context, Uri node, bool isAnsweredLate)
    {
        using var request = Copy(context, node);
        using var patience = Limit(context);
        if (isAnsweredLate)
            patience.CancelAfter(Timeout.InfiniteTimeSpan);
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, patience.Token);
        }
        catch (Exception e) when (IsAway(e, context))
        {
            return false;
        }
        patience.CancelAfter(Timeout.InfiniteTimeSpan);
        using (answer)
            return await TryAnswerAsync(context, answer);
    }

    /// <summary>
    /// Connects to a node's hub as the request's client. Null: the node is not the one, or not there.
    /// </summary>
    public async Task<ClientWebSocket?> TryConnectAsync(HttpContext context, Uri node)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader(PushEndpoints.ForwardedBy, self.Id);
        using var patience = Limit(context);
        try
        {
            var address = AddressAt(
                new UriBuilder(node) { Scheme = node.Scheme == "https" ? "wss" : "ws" }.Uri,
                context
            );
            await socket.ConnectAsync(address, _http, patience.Token);
            return socket;
        }
        catch (Exception e) when (e is WebSocketException || IsAway(e, context))
        {
            socket.Dispose();
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    private static bool IsAway(Exception error, HttpContext context) =>
        error is HttpRequestException
        || (error is OperationCanceledException && !context.RequestAborted.IsCancellationRequested);

    private CancellationTokenSource Limit(HttpContext context)
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(Patience);
        return patience;
    }

    // As the client wrote it: an id may hold dots and slashes, which must not be taken for parts of the path.
    private static Uri AddressAt(Uri node, HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.StartsWith('/') ? target : new Uri(target).PathAndQuery;
        return new(
            node.GetLeftPart(UriPartial.Authority) + path,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
        );
    }

    private HttpRequestMessage Message(HttpMethod method, Uri address)
    {
        var message = new HttpRequestMessage(method, address);
        message.Headers.Add(PushEndpoints.ForwardedBy, self.Id);
        return message;
    }

    private HttpRequestMessage Copy(HttpContext context, Uri node)
    {
        var from = context.Request;
        var copy = Message(new HttpMethod(from.Method), AddressAt(node, context));
        if (from.ContentLength > 0 || from.Headers.TransferEncoding.Count > 0)
            copy.Content = new StreamContent(from.Body);
        else if (HttpMethods.IsPost(from.Method))
            copy.Content = new ByteArrayContent([]);
        foreach (var (name, values) in from.Headers.Where(header => IsForwardable(header.Key)))
        {
            if (!copy.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                copy.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
        return copy;
    }

    private static async Task<bool> TryAnswerAsync(HttpContext context, HttpResponseMessage answer)
    {
        if ((int)answer.StatusCode == StatusCodes.Status421MisdirectedRequest)
            return false;
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (IsForwardable(name))
                context.Response.Headers[name] = values.ToArray();
        }
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        return true;
    }

    private static bool IsForwardable(string header) =>
        !NotForwarded.Contains(header, StringComparer.OrdinalIgnoreCase);
}
