using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CourseRec.Cql;
using CourseRec.Cql.Protocol;

namespace CourseRec.Cql.Tests.Protocol;

/// <summary>A request as it came.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Body">Its body.</param>
internal sealed record Asked(FrameHeader Header, byte[] Body)
{
    public Opcode Opcode => Header.Opcode;

    /// <summary>The CQL of a QUERY or PREPARE.</summary>
    public string Cql => Encoding.UTF8.GetString(Body.AsSpan(4, BinaryPrimitives.ReadInt32BigEndian(Body)));
}

/// <summary>
/// A peer that speaks the native protocol on a port of its own and answers as the test says. Greeting and system
/// tables answer by themselves: a cluster of one node, or of those in <see cref="Peers"/>.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<TcpClient, bool> _clients = new();
    private readonly Task _accepting;

    public ScriptedServer(IPAddress? address = null, int port = 0)
    {
        _listener = new(address ?? IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>The protocol that it answers in.</summary>
    public int Version { get; init; } = 4;

    public string[] Tokens { get; init; } = ["0"];

    public string DataCentre { get; init; } = "dc1";

    /// <summary>The other nodes of the cluster.</summary>
    public IReadOnlyList<ScriptedServer> Peers { get; set; } = [];

    /// <summary>Answers what is asked of tables of the test; null: as a server that is well.</summary>
    public Func<Asked, Answer?> OnAsked { get; set; } = _ => null;

    /// <summary>What was executed, in the order it came.</summary>
    public ConcurrentQueue<Asked> Executed { get; } = new();

    /// <summary>Connections accepted.</summary>
    public int Connections { get; private set; }

    /// <summary>Closes every connection, and takes no new one.</summary>
    public void Stop()
    {
        _listener.Stop();
        foreach (var client in _clients.Keys)
            client.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                serving.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        _clients[client] = true;
        try
        {
            var stream = client.GetStream();
            var header = new byte[FrameHeader.Size];
            while (true)
            {
                await stream.ReadExactlyAsync(header, _stop.Token);
                var asked = await ReadAsync(stream, header);
                var answer = OnAsked(asked) ?? Usual(asked);
                if (answer == Answer.Hangup)
                    return;
                if (answer != Answer.Silence)
                    await stream.WriteAsync(ToBytes(asked, answer), _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException) { }
    }

    private async Task<Asked> ReadAsync(NetworkStream stream, byte[] header)
    {
        // The direction bit is set so that the driver's own reader takes the request.
        header[0] |= 0x80;
        var read = FrameHeader.Read(header);
        var body = new byte[read.Length];
        await stream.ReadExactlyAsync(body, _stop.Token);
        var asked = new Asked(read, body);
        if (read.Opcode is Opcode.Execute or Opcode.Batch)
            Executed.Enqueue(asked);
        return asked;
    }

    private byte[] ToBytes(Asked asked, Answer answer)
    {
        var frame = new FrameWriter(256);
        frame.Take(FrameHeader.Size);
        frame.Raw(answer.Body);
        new FrameHeader(
            Version | 0x80,
            answer.Flags,
            answer.Stream ?? asked.Header.Stream,
            answer.Opcode,
            answer.Body.Length
        ).Write(frame.At(0, FrameHeader.Size));
        return frame.Written.ToArray();
    }

    private Answer Usual(Asked asked) =>
        asked.Opcode switch
        {
            Opcode.Startup when asked.Header.Version > Version => Answer.Error(
                0x000A,
                $"Invalid or unsupported protocol version: {asked.Header.Version}"
            ),
            Opcode.Startup => Answer.Ready,
            Opcode.Options => new(Opcode.Supported, [0, 0]),
            Opcode.Query when asked.Cql.Contains("system.local", StringComparison.Ordinal) => Local(),
            Opcode.Query when asked.Cql.Contains("system.peers", StringComparison.Ordinal) => Neighbours(),
            Opcode.Prepare => Answer.Prepared(Version, [1, 2, 3, 4], ["k", "v"], 0),
            _ => Answer.Void,
        };

    private Answer Local() =>
        Answer.Rows(
            [
                ("host_id", CqlTypeCode.Uuid),
                ("data_center", CqlTypeCode.Text),
                ("tokens", CqlTypeCode.Set),
                ("schema_version", CqlTypeCode.Uuid),
                ("cluster_name", CqlTypeCode.Text),
                ("release_version", CqlTypeCode.Text),
                ("partitioner", CqlTypeCode.Text),
            ],
            [Id, DataCentre, Tokens, Guid.Empty, "scripted", "4.1.0", "org.apache.cassandra.dht.Murmur3Partitioner"]
        );

    private Answer Neighbours() =>
        Answer.Rows(
            [
                ("host_id", CqlTypeCode.Uuid),
                ("data_center", CqlTypeCode.Text),
                ("tokens", CqlTypeCode.Set),
                ("schema_version", CqlTypeCode.Uuid),
                ("rpc_address", CqlTypeCode.Inet),
                ("peer", CqlTypeCode.Inet),
            ],
            [
                .. Peers.Select(peer =>
                    new object?[]
                    {
                        peer.Id,
                        peer.DataCentre,
                        peer.Tokens,
                        Guid.Empty,
                        peer.EndPoint.Address,
                        peer.EndPoint.Address,
                    }
                ),
            ]
        );
}
