using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace CourseRec.Benchmarks.Pipeline;

/// <summary>
/// One watching browser: a WebSocket that speaks SignalR's JSON protocol (ASP.NET Core's <c>HubProtocol.md</c>) as far
/// as is needed to subscribe and to read the offset of each push.
/// </summary>
internal sealed class PushClient : IAsyncDisposable
{
    private const byte RecordSeparator = 0x1e;
    private const int InvocationType = 1;
    private const int CompletionType = 3;

    private readonly ClientWebSocket _socket = new();
    private readonly ArrayBufferWriter<byte> _received = new(8 * 1024);
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<long> _onPush;
    private Task _receiving = Task.CompletedTask;

    private PushClient(Action<long> onPush) => _onPush = onPush;

    /// <summary>Connects as a user and subscribes; completes when the first list is on its way.</summary>
    /// <param name="node">The node's address.</param>
    /// <param name="user">The user.</param>
    /// <param name="onPush">Called with the offset of each push, one call at a time.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<PushClient> ConnectAsync(
        Uri node,
        string user,
        Action<long> onPush,
        CancellationToken cancel
    )
    {
        var client = new PushClient(onPush);
        var url = new UriBuilder(node)
        {
            Scheme = node.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs,
            Path = "/hubs/recommendations",
            Query = $"user={Uri.EscapeDataString(user)}",
        };
        await client._socket.ConnectAsync(url.Uri, cancel);
        await client.SendAsync("""{"protocol":"json","version":1}""", cancel);
        client._receiving = client.ReceiveAsync();
        await client.SendAsync("""{"type":1,"invocationId":"1","target":"Subscribe","arguments":[10]}""", cancel);
        await client._subscribed.Task.WaitAsync(cancel);
        return client;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _closing.Dispose();
    }

    private ValueTask SendAsync(string message, CancellationToken cancel) =>
        _socket.SendAsync(
            Encoding.UTF8.GetBytes(message + (char)RecordSeparator).AsMemory(),
            WebSocketMessageType.Text,
            endOfMessage: true,
            cancel
        );

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var result = await _socket.ReceiveAsync(_received.GetMemory(4096), _closing.Token);
                if (result.MessageType == WebSocketMessageType.Close)
                    throw new WebSocketException("the node closed the connection");
                _received.Advance(result.Count);
                if (_received.WrittenSpan[^1] == RecordSeparator)
                    ReadMessages();
            }
        }
        catch (OperationCanceledException)
        {
            _subscribed.TrySetCanceled();
        }
        catch (WebSocketException e)
        {
            _subscribed.TrySetException(e);
        }
    }

    private void ReadMessages()
    {
        var rest = _received.WrittenSpan;
        while (rest.IndexOf(RecordSeparator) is var end and >= 0)
        {
            Read(rest[..end]);
            rest = rest[(end + 1)..];
        }
        _received.ResetWrittenCount();
    }

    /// <summary>Reads one message: its type, and the first <c>offset</c> of a push.</summary>
    private void Read(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message);
        var type = 0;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            if (reader.CurrentDepth == 1 && reader.ValueTextEquals("type"u8) && reader.Read())
                type = reader.GetInt32();
            else if (reader.CurrentDepth == 1 && reader.ValueTextEquals("error"u8) && reader.Read())
                _subscribed.TrySetException(new WebSocketException($"the node refused: {reader.GetString()}"));
            else if (type == InvocationType && reader.ValueTextEquals("offset"u8) && reader.Read())
            {
                _onPush(reader.GetInt64());
                return;
            }
        }
        if (type == CompletionType)
            _subscribed.TrySetResult();
    }
}
