using CourseRec.Actors.Ports;
using CourseRec.Actors.Shards;
using CourseRec.Node.Http;
using CourseRec.Node.Options;
using CourseRec.Node.Push;

namespace CourseRec.Node.Cluster;

/// <summary>
/// A request about a user is answered where the user's partition is: here, or it is forwarded there, or the client is sent there. Whoever the
/// directory names is asked; when that was not so, it is looked at again. While nobody serves the partition the request waits, and
/// at last is answered 503.
/// </summary>
internal sealed class OwnerRouting(
    RequestDelegate next,
    SessionHost sessions,
    ClusterView view,
    NodeForwarder forwarder,
    ClusterMetrics metrics,
    NodeOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider time
)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RoutedByUser>() is not { } route)
            return next(context);
        var place = new Place(route.UserOf is { } userOf ? sessions.PartitionOf(userOf(context)) : null);
        return NodeForwarder.IsForwarded(context.Request)
            ? AnswerOtherAsync(context, place)
            : AnswerAsync(context, place);
    }

    /// <summary>Another node takes this one for the owner.</summary>
    private async Task AnswerOtherAsync(HttpContext context, Place place)
    {
        var isHere = IsHere(place);
        if (isHere && HttpMethods.IsHead(context.Request.Method))
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        else if (!isHere || !await TryAnswerHereAsync(context, place))
            throw new ProblemException(StatusCodes.Status421MisdirectedRequest, $"{place} is not served here.");
    }

    private async Task AnswerAsync(HttpContext context, Place place)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            if (IsHere(place))
            {
                // Beforehand: a connection may last for hours.
                metrics.Went(RequestWay.Here);
                if (await TryAnswerHereAsync(context, place))
                    return;
            }
            if (ElsewhereOf(place) is var (entry, url))
            {
                if (await TryAnswerThereAsync(context, entry, url))
                    return;
                metrics.HintWasStale();
                // What belongs to a connection is sent once, and the connection is made anew.
                if (PushEndpoints.IsOfConnection(context.Request))
                    throw new ProblemException(StatusCodes.Status404NotFound, $"{place} has moved: connect again.");
            }
            if (
                time.GetElapsedTime(began) >= options.Cluster.WaitForOwner
                || lifetime.ApplicationStopping.IsCancellationRequested
            )
            {
                metrics.Went(RequestWay.Unserved);
                throw new NotOwnedException($"No node serves {place} now; try again.");
            }
            await view.RefreshAsync(context.RequestAborted);
        }
    }

    private bool IsHere(Place place) =>
        place.Partition is { } partition ? sessions.Serves(partition) : options.Cluster.Has(NodeRole.Session);

    private (NodeEntry, Uri)? ElsewhereOf(Place place) =>
        place.Partition is { } partition
            ? view.ClaimantOf(partition)
            : view.First(node => node.Roles.Contains(NodeRole.Session));

    /// <summary>False: the partition went away meanwhile.</summary>
    private async Task<bool> TryAnswerHereAsync(HttpContext context, Place place)
    {
        try
        {
            await next(context);
            return true;
        }
        catch (NotOwnedException) when (!IsHere(place) && !context.Response.HasStarted)
        {
            return false;
        }
    }

    private async Task<bool> TryAnswerThereAsync(HttpContext context, NodeEntry entry, Uri url)
    {
        if (context.WebSockets.IsWebSocketRequest)
            return await TryRelayAsync(context, url);
        var isRedirected =
            options.Cluster.Routing == ClusterRouting.Redirect
            && entry.Roles.Contains(NodeRole.Gateway)
            && PushEndpoints.IsNegotiation(context.Request);
        if (!isRedirected)
            return await TryForwardAsync(context, url);
        if (!await forwarder.ServesAsync(url, context))
            return false;
        metrics.Went(RequestWay.Redirected);
        var address = new Uri(url, PushEndpoints.AddressOf(HubUser.Of(context)));
        await context.Response.WriteAsJsonAsync(new Redirection(address.AbsoluteUri), NodeJson.Default.Redirection);
        return true;
    }

    private async Task<bool> TryForwardAsync(HttpContext context, Uri url)
    {
        if (!await forwarder.TryForwardAsync(context, url, PushEndpoints.IsOfConnection(context.Request)))
            return false;
        metrics.Went(RequestWay.Forwarded);
        return true;
    }

    private async Task<bool> TryRelayAsync(HttpContext context, Uri url)
    {
        using var there = await forwarder.TryConnectAsync(context, url);
        if (there is null)
            return false;
        metrics.Went(RequestWay.Relayed);
        using var here = await context.WebSockets.AcceptWebSocketAsync();
        await SocketRelay.RunAsync(here, there, time, lifetime.ApplicationStopping);
        return true;
    }

    /// <summary>Where a request is answered: with a partition, or (null) anywhere that there are sessions.</summary>
    private readonly record struct Place(int? Partition)
    {
        public override string ToString() => Partition is { } partition ? $"partition {partition}" : "any partition";
    }
}

/// <summary>Marks an endpoint whose answer is where a user's session is.</summary>
/// <param name="UserOf">The request's user; null when any node with sessions can answer.</param>
internal sealed record RoutedByUser(Func<HttpContext, string>? UserOf);

/// <summary>SignalR's answer to a negotiation that is to be made elsewhere.</summary>
/// <param name="Url">Where.</param>
internal sealed record Redirection(string Url);
