using System.Text.Json;
using CourseRec.Actors.Intake;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Push;
using CourseRec.Node.Http;
using CourseRec.Node.Operations;
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
    PushWindow window,
    NodeMetrics metrics,
    ILogger<RecommendationsHub> logger
) : Hub
{
    private const string Connection = "connection";

    private string User => HubUser.Of(Context.GetHttpContext()!);

    /// <summary>Sends the user's list now, and whenever it may have changed.</summary>
    /// <param name="count">Courses in the list, 1–100.</param>
    public async Task Subscribe(int count)
    {
        if (count is < 1 or > 100)
            throw new HubException("count: must be from 1 to 100");
        try
        {
            var connection = Find() ?? await ConnectAsync();
            await connection.SubscribeAsync(count, Context.ConnectionAborted);
        }
        catch (Exception e) when (e is NotOwnedException or StoreUnavailableException)
        {
            throw new HubException(e.Message);
        }
    }

    /// <summary>Stops sending.</summary>
    public void Unsubscribe() => Find()?.Unsubscribe();

    /// <summary>Takes an interaction of the connection's user. Answers <c>{accepted, rejected}</c>.</summary>
    /// <param name="interaction">As in <c>POST /v1/events</c>; <c>user</c> may be left out.</param>
    public async Task<EventsAccepted> Interact(JsonElement interaction)
    {
        try
        {
            await gate.ThrowIfBehindAsync(Context.ConnectionAborted);
            var json = HubUser.Fill(interaction, User);
            var result = await intake.AcceptAsync(json, User, Context.ConnectionAborted);
            return new(result.Accepted, result.Rejected, sessions.VersionsOf(result.Ends));
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
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        Find()?.Dispose();
        return Task.CompletedTask;
    }

    private PushConnection? Find() =>
        Context.Items.TryGetValue(Connection, out var found) ? (PushConnection)found! : null;

    // One actor a connection, whatever it subscribes to: that is what keeps offsets from going back.
    private async Task<PushConnection> ConnectAsync()
    {
        var channel = new HubChannel(Clients.Caller, window, metrics, logger);
        var connection = await sessions.ConnectAsync(User, channel);
        Context.Items[Connection] = connection;
        return connection;
    }
}
