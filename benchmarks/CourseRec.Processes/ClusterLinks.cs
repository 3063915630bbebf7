using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace CourseRec.Processes;

/// <summary>
/// The network between nodes, as far as it can be had without root: whoever connects to a node comes to a port here,
/// and is passed on. A node can be cut off from the others: its connections stay, new ones can be made, and nothing
/// passes until it is joined again, when all of it does. Which node a connection is from is found by /proc.
/// </summary>
public sealed class ClusterLinks : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, int> _processes = [];
    private readonly ConcurrentBag<(TcpListener Listener, Task Accepting)> _listeners = [];
    private readonly CancellationTokenSource _stop = new();
    private volatile Gate? _gate;

    /// <summary>Cuts a node off from all others.</summary>
    public void Cut(string id) => _gate = new(id);

    /// <summary>Joins it again.</summary>
    public void Join()
    {
        var gate = _gate;
        _gate = null;
        gate?.Opened.SetResult();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var (listener, accepting) in _listeners)
        {
            listener.Dispose();
            await accepting;
        }
        _stop.Dispose();
    }

    /// <summary>Tells which process a node is now.</summary>
    internal void Know(string id, int process) => _processes[id] = process;

    /// <summary>Opens the way to a node. Answers the port.</summary>
    internal int Open(string id, int target)
    {
        var listener = new TcpListener(IPAddress.Loopback, FreePorts.One());
        listener.Start();
        _listeners.Add((listener, AcceptAsync(id, listener, target)));
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task AcceptAsync(string to, TcpListener listener, int target)
    {
        var pumps = new List<Task>();
        try
        {
            while (true)
                pumps.Add(PassAsync(await listener.AcceptTcpClientAsync(_stop.Token), to, target));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(pumps);
        }
    }

    private async Task PassAsync(TcpClient client, string to, int target)
    {
        using var _ = client;
        using var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        try
        {
            var link = new Link(((IPEndPoint)client.Client.RemoteEndPoint!).Port, to);
            await PassableAsync(link);
            await server.ConnectAsync(IPAddress.Loopback, target, _stop.Token);
            // When either side ends, so does the other; a node that is cut off does not hear of it.
            await await Task.WhenAny(
                PumpAsync(client.GetStream(), server.GetStream(), link),
                PumpAsync(server.GetStream(), client.GetStream(), link)
            );
            await PassableAsync(link);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException) { }
    }

    private async Task PumpAsync(NetworkStream source, NetworkStream target, Link link)
    {
        var buffer = new byte[64 * 1024];
        while (await source.ReadAsync(buffer, _stop.Token) is > 0 and var count)
        {
            await PassableAsync(link);
            await target.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }

    private async Task PassableAsync(Link link)
    {
        while (_gate is { } gate && (gate.Node == link.To || gate.Node == FromOf(link)))
            await gate.Opened.Task.WaitAsync(_stop.Token);
    }

    /// <summary>
    /// The node that a link is from, found when it matters: while a node starts, its process is not known yet.
    /// </summary>
    private string? FromOf(Link link) =>
        link.From ??= Sockets.InodeOf(link.Port, listens: false) is { } inode
            ? _processes.FirstOrDefault(node => Sockets.Holds(node.Value, inode)).Key
            : null;

    /// <summary>A connection to a node.</summary>
    private sealed class Link(int port, string to)
    {
        public int Port => port;

        public string To => to;

        public string? From { get; set; }
    }

    private sealed record Gate(string Node)
    {
        public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
