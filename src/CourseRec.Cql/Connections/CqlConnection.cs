using System.Net;
using CourseRec.Cql.Errors;
using CourseRec.Cql.Protocol;

namespace CourseRec.Cql.Connections;

/// <summary>
/// One connection that many callers share. Requests that come while a send is under way go out together in the next
/// one; what has no free stream waits its turn, in the order it came. Whatever ends the connection fails everything on
/// it, at once and with the reason.
/// </summary>
internal sealed partial class CqlConnection : IAsyncDisposable
{
    /// <summary>Bytes to send that are copied ahead; what is more waits in its caller's own buffer.</summary>
    private const int OutputLimit = 1 << 20;

    private readonly Lock _gate = new();
    private readonly Stream _stream;
    private readonly CqlOptions _options;
    private readonly TimeProvider _time;
    private readonly StreamTable _streams;
    private readonly Queue<PendingRequest> _waiting = new();
    private readonly CompletionQueue _completions = new();
    private readonly TaskCompletionSource<CqlConnectionException> _closed = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly ITimer _timer;
    private readonly Task _receiving;
    private FrameWriter _output = new(OutputLimit / 16);
    private FrameWriter _sending = new(OutputLimit / 16);
    private Task _flushing = Task.CompletedTask;
    private bool _isFlushing;
    private bool _isDeferred;
    private CqlConnectionException? _reason;

    private CqlConnection(IPEndPoint endPoint, int version, Stream stream, CqlOptions options, TimeProvider time)
    {
        (EndPoint, Version, _stream, _options, _time) = (endPoint, version, stream, options, time);
        _streams = new(options.MaxInFlight);
        _received = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Tick(), null, TickInterval, TickInterval);
        _receiving = Task.Run(ReceiveAsync);
    }

    /// <summary>The node.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>The protocol spoken.</summary>
    public int Version { get; }

    /// <summary>Completes with the reason when the connection has ended.</summary>
    public Task<CqlConnectionException> Closed => _closed.Task;

    public bool IsOpen => !_closed.Task.IsCompleted;

    /// <summary>Requests on their way and waiting; a hint.</summary>
    public int Load => _streams.InUse + _waiting.Count;

    /// <summary>Connects and says hello.</summary>
    /// <exception cref="CqlException">It doesn't work; the message says why.</exception>
    public static async Task<CqlConnection> OpenAsync(
        IPEndPoint endPoint,
        int version,
        CqlOptions options,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        using var limit = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            var stream = await Transport.ConnectAsync(endPoint, options.Tls, either.Token);
            var connection = new CqlConnection(endPoint, version, stream, options, time);
            try
            {
                await Handshake.RunAsync(connection, options, either.Token);
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
            return connection;
        }
        catch (Exception e)
            when (e is OperationCanceledException or CqlTimeoutException && !cancel.IsCancellationRequested)
        {
            throw new CqlConnectionException(
                $"Cassandra at {endPoint} did not greet within {options.ConnectTimeout.TotalSeconds:0.###} s.",
                sent: false
            );
        }
        catch (Exception e) when (e is not (CqlException or OperationCanceledException))
        {
            throw new CqlConnectionException($"Cassandra at {endPoint} can't be reached: {e.Message}", e, sent: false);
        }
    }

    /// <summary>Sends a frame and awaits the answer. The bytes must stay as they are until then.</summary>
    /// <param name="frame">The whole frame.</param>
    /// <param name="deadline">When to give up.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<Frame> SendAsync(ReadOnlyMemory<byte> frame, long deadline, CancellationToken cancel)
    {
        var request = new PendingRequest(frame, deadline);
        if (cancel.CanBeCanceled)
            request.Registration = cancel.UnsafeRegister(
                static (state, token) =>
                {
                    var (connection, request) = ((CqlConnection, PendingRequest))state!;
                    connection.Abandon(request, new OperationCanceledException(token));
                },
                (this, request)
            );
        lock (_gate)
        {
            if (_reason is not null)
                Settle(request, NotSent(_reason));
            else
            {
                _waiting.Enqueue(request);
                TickOftenIf(true);
            }
            Drain();
        }
        _completions.Start();
        return request.Task;
    }

    /// <summary>Sends a frame of the driver's own and awaits the answer.</summary>
    public async Task<Frame> AskAsync(FrameWriter frame, TimeSpan limit, CancellationToken cancel)
    {
        var answer = await SendAsync(frame.Memory, _time.Deadline(limit), cancel);
        frame.Release();
        return answer;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Close(new CqlConnectionException($"The connection to {EndPoint} was closed."));
        await _receiving;
        await _flushing;
        await _timer.DisposeAsync();
    }

    private void Close(CqlConnectionException reason)
    {
        lock (_gate)
        {
            if (_reason is not null)
                return;
            _reason = reason;
            foreach (var request in _streams.Unanswered())
                Settle(request, reason);
            foreach (var request in _waiting)
                Settle(request, NotSent(reason));
            _waiting.Clear();
        }
        _completions.Start();
        _timer.Dispose();
        _stream.Dispose();
        _closed.TrySetResult(reason);
    }

    private void Abandon(PendingRequest request, Exception reason)
    {
        lock (_gate)
            Settle(request, reason);
        _completions.Start();
    }

    /// <summary>Under the gate; the caller goes on when the completions are started outside.</summary>
    private void Settle(PendingRequest request, Exception reason)
    {
        if (request.IsSettled)
            return;
        request.Settle(reason);
        _completions.Add(request);
    }

    private static CqlConnectionException NotSent(CqlConnectionException reason) =>
        new(reason.Message, reason.InnerException, sent: false);
}
