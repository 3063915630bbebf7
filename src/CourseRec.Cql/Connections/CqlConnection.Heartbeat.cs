using CourseRec.Cql.Errors;
using CourseRec.Cql.Protocol;

namespace CourseRec.Cql.Connections;

/// <summary>Time limits and signs of life.</summary>
internal sealed partial class CqlConnection
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan TickIntervalAtRest = TimeSpan.FromMilliseconds(500);
    private bool _ticksOften = true;
    private long _received;
    private long _asked;

    private void Tick()
    {
        var now = _time.GetTimestamp();
        var abandoned = 0;
        lock (_gate)
        {
            if (_reason is not null)
                return;
            foreach (var request in _streams.Unanswered())
            {
                if (request.Deadline > now)
                    continue;
                Settle(request, new CqlTimeoutException($"{EndPoint} has not answered in time."));
                abandoned++;
            }
            for (var left = _waiting.Count; left > 0; left--)
                Review(_waiting.Dequeue(), now);
            TickOftenIf(Load > 0);
        }
        FlushDeferred();
        _completions.Help();
        if (abandoned > _options.MaxInFlight / 2)
            Close(new CqlConnectionException($"{EndPoint} leaves {abandoned} requests unanswered beyond their time."));
        else
            Watch(now);
    }

    /// <summary>Under the gate, on an open connection: one at rest has nothing to give up soon.</summary>
    private void TickOftenIf(bool isBusy)
    {
        if (_ticksOften == isBusy)
            return;
        _ticksOften = isBusy;
        var interval = isBusy ? TickInterval : TickIntervalAtRest;
        _timer.Change(interval, interval);
    }

    private void Review(PendingRequest request, long now)
    {
        if (request.Deadline <= now)
            Settle(
                request,
                new CqlTimeoutException(
                    $"{EndPoint} is too slow: no place was free in time, as all {_options.MaxInFlight} requests on "
                        + "the connection wait for their answers."
                )
            );
        if (!request.IsSettled)
            _waiting.Enqueue(request);
    }

    private void Watch(long now)
    {
        var received = Volatile.Read(ref _received);
        if (_time.GetElapsedTime(received, now) < _options.HeartbeatInterval)
            return;
        if (_asked <= received)
            AskForLife(now);
        else if (_time.GetElapsedTime(_asked, now) >= _options.HeartbeatTimeout)
            Close(
                new CqlConnectionException(
                    $"{EndPoint} gives no sign of life since {_time.GetElapsedTime(received, now).TotalSeconds:0.0} s."
                )
            );
    }

    private void AskForLife(long now)
    {
        var frame = Requests.Options(Version);
        var request = new PendingRequest(frame.Memory, long.MaxValue);
        lock (_gate)
        {
            if (_streams.TryTakeHeartbeat(request))
            {
                Copy(request, _streams.Heartbeat);
                Drain();
            }
        }
        frame.Release();
        _asked = now;
    }
}
