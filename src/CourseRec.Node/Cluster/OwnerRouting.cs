using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Node.Http;
using CourseRec.Node.Options;
using CourseRec.Node.Push;

namespace CourseRec.Node.Cluster;

/// <summary>
/// A request about a user is answered where the user's partition is: here, or it is forwarded there, or the client is
/// sent there. Whoever the directory names is asked; when that was not so, it is looked at again. While nobody serves
/// the partition the request waits, and at last is answered 503.
/// </summary>
internal sealed class OwnerRouting(
    RequestDelegate next,
    ThisNode self,
    SessionHost sessions,
    ClusterView view,
    NodeForwarder forwarder,
    ClusterMetrics metrics,
    NodeOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider time
)
{
    private readonly StaleHints _stale = new(time);

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RoutedByUser>() is not { } route)
            return next(context);
        if (ConnectionTokens.IsIn(context.Request))
            return AnswerConnectionAsync(context, ConnectionTokens.HolderOf(context.Request) ?? self.Id);
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
            if (ElsewhereOf(place) is var (entry, url) && _stale.MayFollow(entry.Id, place.Partition))
            {
                var there = new There(entry, url, place.Partition);
                if (await TryAnswerThereAsync(context, there))
                    return;
                metrics.HintWasStale();
                _stale.WasWrong(there.Id, there.Partition);
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

    /// <summary>
    /// What belongs to a connection is answered by the node that holds it, whoever serves the user now: the hub sends
    /// the client on.
    /// </summary>
    private async Task AnswerConnectionAsync(HttpContext context, string holder)
    {
        if (holder == self.Id)
        {
            metrics.Went(RequestWay.Here);
            await next(context);
            return;
        }
        if (view.First(node => node.Id == holder) is null)
            await view.RefreshAsync(context.RequestAborted);
        var isThere =
            !NodeForwarder.IsForwarded(context.Request)
            && view.First(node => node.Id == holder) is var (entry, url)
            && await TryAnswerThereAsync(context, new(entry, url, null));
        if (!isThere)
            throw new ProblemException(
                StatusCodes.Status404NotFound,
                "The node that held the connection is gone: connect again."
            );
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

    private async Task<bool> TryAnswerThereAsync(HttpContext context, There there)
    {
        if (context.WebSockets.IsWebSocketRequest)
            return await TryRelayAsync(context, there);
        var isRedirected =
            options.Cluster.Routing == ClusterRouting.Redirect
            && there.IsGateway
            && PushEndpoints.IsNegotiation(context.Request);
        if (!isRedirected)
            return await TryForwardAsync(context, there);
        if (!await forwarder.ServesAsync(there.Url, context))
            return false;
        Went(there, RequestWay.Redirected);
        var address = new Uri(there.Url, PushEndpoints.AddressOf(HubUser.Of(context)));
        await context.Response.WriteAsJsonAsync(new Redirection(address.AbsoluteUri), NodeJson.Readable.Redirection);
        return true;
    }

    private async Task<bool> TryForwardAsync(HttpContext context, There there)
    {
        if (!await forwarder.TryForwardAsync(context, there.Url, ConnectionTokens.IsIn(context.Request)))
            return false;
        Went(there, RequestWay.Forwarded);
        return true;
    }

    private async Task<bool> TryRelayAsync(HttpContext context, There there)
    {
        using var socket = await forwarder.TryConnectAsync(context, there.Url);
        if (socket is null)
            return false;
        Went(there, RequestWay.Relayed);
        using var here = await context.WebSockets.AcceptWebSocketAsync();
        await SocketRelay.RunAsync(here, socket, time, lifetime.ApplicationStopping);
        return true;
    }

    private void Went(There there, RequestWay way)
    {
        _stale.WasRight(there.Id, there.Partition);
        metrics.Went(way);
    }

    /// <summary>The node that a hint names.</summary>
    private readonly record struct There(NodeEntry Entry, Uri Url, int? Partition)
    {
        public string Id => Entry.Id;

        public bool IsGateway => Entry.Roles.Contains(NodeRole.Gateway);
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
public sealed record Redirection(string Url);
