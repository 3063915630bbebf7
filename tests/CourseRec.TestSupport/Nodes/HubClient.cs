using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace CourseRec.TestSupport.Nodes;

/// <summary>
/// As much of SignalR's JSON protocol (ASP.NET Core's HubProtocol.md) over a WebSocket as the tests need.
/// </summary>
public sealed class HubClient : IAsyncDisposable
{
    private const char Separator = '\u001e';
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ClientWebSocket _socket = new();
    private readonly Channel<JsonElement> _pushes = Channel.CreateUnbounded<JsonElement>();
    private readonly Dictionary<string, TaskCompletionSource<JsonElement>> _calls = [];
    private readonly TaskCompletionSource<JsonElement> _close = new();
    private readonly CancellationTokenSource _closing = new();
    private Task _receiving = Task.CompletedTask;
    private int _lastCall;

    /// <param name="node">Where to.</param>
    /// <param name="user">Whose lists.</param>
    /// <param name="token">Of a connection that was negotiated; null: of one that was not.</param>
    public static async Task<HubClient> ConnectAsync(Uri node, string user, string? token = null)
    {
        var client = new HubClient();
        var address = new UriBuilder(node)
        {
            Scheme = "ws",
            Path = "/hubs/recommendations",
            Query = $"user={Uri.EscapeDataString(user)}{(token is null ? "" : $"&id={Uri.EscapeDataString(token)}")}",
        };
        await client._socket.ConnectAsync(address.Uri, CancellationToken.None);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        client._receiving = client.ReceiveAsync();
        return client;
    }

    /// <summary>Calls a method; answers the completion message.</summary>
    public async Task<JsonElement> InvokeAsync(string method, params string[] arguments)
    {
        var id = (++_lastCall).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var call = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_calls)
            _calls[id] = call;
        await SendAsync(
            $$"""{"type":1,"invocationId":"{{id}}","target":"{{method}}","arguments":[{{string.Join(',', arguments)}}]}"""
        );
        return await call.Task.WaitAsync(Patience);
    }

    /// <summary>The next list that the server sends.</summary>
    public async Task<JsonElement> NextAsync() => await _pushes.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>The message with which the server closes.</summary>
    public Task<JsonElement> CloseAsync() => _close.Task.WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _closing.Dispose();
    }

    private Task SendAsync(string message) =>
        _socket.SendAsync(
            Encoding.UTF8.GetBytes(message + Separator),
            WebSocketMessageType.Text,
            endOfMessage: true,
            CancellationToken.None
        );

    private async Task ReceiveAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                var read = await _socket.ReceiveAsync(buffer, _closing.Token);
                if (read.MessageType == WebSocketMessageType.Close)
                    break;
                text.Append(Encoding.UTF8.GetString(buffer, 0, read.Count));
                var parts = text.ToString().Split(Separator);
                text.Clear().Append(parts[^1]);
                foreach (var part in parts[..^1])
                    Dispatch(JsonDocument.Parse(part).RootElement);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException) { }
        _pushes.Writer.TryComplete();
    }

    private void Dispatch(JsonElement message)
    {
        if (!message.TryGetProperty("type", out var type))
            return;
        if (type.GetInt32() == 1)
            _pushes.Writer.TryWrite(message.GetProperty("arguments")[0]);
        if (type.GetInt32() == 7)
            _close.TrySetResult(message);
        if (type.GetInt32() != 3)
            return;
        lock (_calls)
            _calls[message.GetProperty("invocationId").GetString()!].TrySetResult(message);
    }
}
