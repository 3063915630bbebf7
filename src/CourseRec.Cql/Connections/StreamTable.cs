namespace CourseRec.Cql.Connections;

/// <summary>
/// Which request is answered on which stream. A request that timed out keeps its stream until the answer comes: given
/// to another, the late answer would be taken for that one's. One stream more is kept for heartbeats. Not thread-safe.
/// </summary>
internal sealed class StreamTable
{
    private readonly PendingRequest?[] _requests;
    private readonly Stack<short> _free;

    public StreamTable(int size)
    {
        _requests = new PendingRequest?[size + 1];
        _free = new(Enumerable.Range(0, size).Select(stream => (short)(size - 1 - stream)));
    }

    /// <summary>The heartbeat's own stream.</summary>
    public short Heartbeat => (short)(_requests.Length - 1);

    /// <summary>Requests whose answer is awaited, heartbeats not counted.</summary>
    public int InUse => _requests.Length - 1 - _free.Count;

    public bool HasFree => _free.Count > 0;

    public short Take(PendingRequest request)
    {
        var stream = _free.Pop();
        _requests[stream] = request;
        return stream;
    }

    public bool TryTakeHeartbeat(PendingRequest request)
    {
        if (_requests[Heartbeat] is not null)
            return false;
        _requests[Heartbeat] = request;
        return true;
    }

    /// <summary>The request answered on a stream, which is free again; null when none is.</summary>
    public PendingRequest? Return(short stream)
    {
        if (stream < 0 || stream >= _requests.Length || _requests[stream] is not { } request)
            return null;
        _requests[stream] = null;
        if (stream != Heartbeat)
            _free.Push(stream);
        return request;
    }

    /// <summary>Every request whose answer has not come, those that nobody waits for included.</summary>
    public IEnumerable<PendingRequest> Unanswered() => _requests.OfType<PendingRequest>();
}
