using System.Net;
using System.Net.Sockets;

namespace CourseRec.Cql.Tests;

/// <summary>
/// Passes bytes to a server and back until it is told to cut every connection in the middle of an answer.
/// </summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly Task _accepting;
    private long _left = long.MaxValue;

    public TcpProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections were cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>After so many more bytes of answers, one connection is cut there.</summary>
    public void CutAfter(int bytes) => Interlocked.Exchange(ref _left, bytes);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var pumps = new List<Task>();
        try
        {
            while (true)
                pumps.Add(PumpAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(pumps);
        }
    }

    private async Task PumpAsync(TcpClient client)
    {
        using var _ = client;
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            var requests = client.GetStream().CopyToAsync(server.GetStream(), _stop.Token);
            await Task.WhenAny(requests, AnswersAsync(server.GetStream(), client.GetStream()));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException) { }
    }

    private async Task AnswersAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[4096];
        while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var count)
        {
            var left = Interlocked.Add(ref _left, -count);
            var isCut = left < 0 && left + count >= 0;
            await to.WriteAsync(buffer.AsMemory(0, isCut ? count + (int)left : count), _stop.Token);
            if (!isCut)
                continue;
            Interlocked.Exchange(ref _left, long.MaxValue);
            Cuts++;
            return;
        }
    }
}
