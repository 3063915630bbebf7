using System.Text.Json;
using CourseRec.Actors.Intake;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Node.Http;
using CourseRec.Node.Operations;
using CourseRec.Node.Options;
using Microsoft.AspNetCore.SignalR;

namespace CourseRec.Node.Push;

/// <summary>
/// <c>/hubs/recommendations?user={id}</c>: pushes a user's lists, takes the user's interactions. The server sends
/// <c>Recommendations({user, offset, modelVersion, generatedAt, items})</c>.
/// </summary>
internal sealed class RecommendationsHub(
    SessionHost sessions,
    InteractionIntake intake,
    BacklogGate gate,
    HubSinks sinks,
    HubConnections connections,
    NodeOptions options,
    TimeProvider time,
    NodeMetrics metrics
) : Hub
{
    private const string Sink = "sink";
    private const string Watch = "watch";
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(100);

    private string User => HubUser.Of(Context.GetHttpContext()!);

    /// <summary>Sends the user's list now, and whenever it may have changed.</summary>
    /// <param name="count">Courses in the list, 1–100.</param>
    public async Task Subscribe(int count)
    {
        if (count is < 1 or > 100)
            throw new HubException("count: must be from 1 to 100");
        await Unsubscribe();
        var began = time.GetTimestamp();
        while (!await TryWatchAsync(count, time.GetElapsedTime(began) < PatienceForOwner))
        {
            if (connections.TrySendOn(Context))
                return; // Its client connects and subscribes anew, elsewhere.
            await Task.Delay(Retry, time, Context.ConnectionAborted);
        }
    }

    /// <summary>Stops sending.</summary>
    public async Task Unsubscribe()
    {
        if (Context.Items.Remove(Watch, out var watch))
            await ((IAsyncDisposable)watch!).DisposeAsync();
    }

    /// <summary>Takes an interaction of the connection's user. Answers <c>{accepted, rejected}</c>.</summary>
    /// <param name="interaction">As in <c>POST /v1/events</c>; <c>user</c> may be left out.</param>
    public async Task<EventsAccepted> Interact(JsonElement interaction)
    {
        try
        {
            await gate.ThrowIfBehindAsync(Context.ConnectionAborted);
            var json = HubUser.Fill(interaction, User);
            var result = await intake.AcceptAsync(json, User, Context.ConnectionAborted);
            return new(result.Accepted, result.Rejected);
        }
        catch (LogBusyException e)
        {
            metrics.Busy();
            throw new HubException($"busy: {e.Message}");
        }
        catch (LogUnavailableException e)
        {
            metrics.Unavailable();
            throw new HubException($"unavailable: {e.Message}");
        }
        catch (IntakeRefusedException e)
        {
            throw new HubException(e.Message);
        }
    }

    /// <inheritdoc/>
    public override Task OnConnectedAsync()
    {
        connections.Add(Context, User);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception) => Unsubscribe();

    // Among others, a partition that can't be served for a moment comes back, or moves, and the connection with it.
    private TimeSpan PatienceForOwner => options.IsClustered ? options.Cluster.WaitForOwner : TimeSpan.Zero;

    private async Task<bool> TryWatchAsync(int count, bool isPatient)
    {
        try
        {
            Context.Items[Watch] = await sessions.WatchAsync(User, count, OwnSink(), Context.ConnectionAborted);
            return true;
        }
        catch (NotOwnedException) when (isPatient)
        {
            return false;
        }
        catch (Exception e) when (e is NotOwnedException or StoreUnavailableException)
        {
            throw new HubException(e.Message);
        }
    }

    // One sink a connection, whatever it subscribes to: that is what keeps offsets from going back.
    private HubSink OwnSink()
    {
        if (!Context.Items.TryGetValue(Sink, out var sink))
            Context.Items[Sink] = sink = sinks.For(Clients.Caller);
        return (HubSink)sink!;
    }
}
