using System.Net.WebSockets;

namespace CourseRec.Node.Cluster;

/// <summary>Carries messages between two WebSockets until one of them ends.</summary>
internal static class SocketRelay
{
    private const int BufferBytes = 4 * 1024;
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(2);

    /// <summary>Completes when both have ended; a close is passed on as it is.</summary>
    public static async Task RunAsync(WebSocket left, WebSocket right, TimeProvider time, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] both = [CarryAsync(left, right, ending), CarryAsync(right, left, ending)];
        await Task.WhenAny(both);
        await Task.WhenAny(Task.WhenAll(both), Task.Delay(ClosePatience, time, stop));
        await ending.CancelAsync();
        await Task.WhenAll(both);
    }

    private static async Task CarryAsync(WebSocket from, WebSocket to, CancellationTokenSource ending)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (true)
            {
                var read = await from.ReceiveAsync(buffer.AsMemory(), ending.Token);
                if (read.MessageType == WebSocketMessageType.Close)
                    break;
                await to.SendAsync(buffer.AsMemory(0, read.Count), read.MessageType, read.EndOfMessage, ending.Token);
            }
            await to.CloseOutputAsync(
                from.CloseStatus ?? WebSocketCloseStatus.NormalClosure,
                from.CloseStatusDescription,
                ending.Token
            );
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two is gone without a word: so goes the other.
            await ending.CancelAsync();
            to.Abort();
        }
    }
}
