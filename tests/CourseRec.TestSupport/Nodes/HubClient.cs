using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;

namespace CourseRec.TestSupport.Nodes;

/// <summary>A user's connection to the hub, over a WebSocket, by SignalR's own client.</summary>
public sealed class HubClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Channel<JsonElement> _pushes = Channel.CreateUnbounded<JsonElement>();
    private readonly HubConnection _connection;

    private HubClient(Uri address)
    {
        _connection = new HubConnectionBuilder()
            .WithUrl(address, HttpTransportType.WebSockets, options => options.SkipNegotiation = true)
            .Build();
        _connection.On<JsonElement>("Recommendations", list => _pushes.Writer.TryWrite(list));
    }

    /// <param name="node">Where to.</param>
    /// <param name="user">Whose lists.</param>
    public static async Task<HubClient> ConnectAsync(Uri node, string user)
    {
        var client = new HubClient(new Uri(node, $"/hubs/recommendations?user={Uri.EscapeDataString(user)}"));
        await client._connection.StartAsync();
        return client;
    }

    /// <summary>Calls a method that answers nothing.</summary>
    public Task InvokeAsync(string method, params object?[] arguments) =>
        _connection.InvokeCoreAsync(method, arguments).WaitAsync(Patience);

    /// <summary>Calls a method; answers what it does.</summary>
    public Task<JsonElement> AskAsync(string method, params object?[] arguments) =>
        _connection.InvokeCoreAsync<JsonElement>(method, arguments).WaitAsync(Patience);

    /// <summary>The next list that the server sends.</summary>
    public async Task<JsonElement> NextAsync() => await _pushes.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
