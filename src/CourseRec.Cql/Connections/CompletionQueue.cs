using System.Collections.Concurrent;

namespace CourseRec.Cql.Connections;

/// <summary>
/// Lets the callers of settled requests go on: one work item for all that one receive brought, instead of one each,
/// and what they send next goes out together when they are through. Should one of them block, <see cref="Help"/> goes
/// on without it.
/// </summary>
internal sealed class CompletionQueue : IThreadPoolWorkItem
{
    [ThreadStatic]
    private static List<CqlConnection>? _later;

    private readonly ConcurrentQueue<PendingRequest> _settled = new();
    private int _working;

    /// <summary>Connections to flush when this thread's callers are through; null on other threads.</summary>
    public static List<CqlConnection>? Later => _later;

    public void Add(PendingRequest settled) => _settled.Enqueue(settled);

    /// <summary>Begins, unless it is under way.</summary>
    public void Start()
    {
        if (!_settled.IsEmpty && Interlocked.Exchange(ref _working, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Begins, also when it is under way.</summary>
    public void Help()
    {
        if (!_settled.IsEmpty)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        var later = _later = [];
        while (_settled.TryDequeue(out var request))
            request.Complete();
        _later = null;
        foreach (var connection in later)
            connection.FlushDeferred();
        Volatile.Write(ref _working, 0);
        Start();
    }
}
