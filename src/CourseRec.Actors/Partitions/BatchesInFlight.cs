using CourseRec.Actors.Sessions;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// The batches of a partition between their being read and their being folded whole, in the log's order. A batch is
/// sent to its users when all of them are in memory; it is committed when it is folded and all before it are.
/// </summary>
internal sealed class BatchesInFlight
{
    private readonly Queue<RecordBatch> _read = [];
    private readonly Queue<RecordBatch> _sent = [];

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _read.Count + _sent.Count == 0;

    /// <summary>Records in them.</summary>
    public int Records { get; private set; }

    /// <summary>Adds one; its users stay in memory until it is committed.</summary>
    public void Add(RecordBatch batch)
    {
        foreach (var part in batch.Users)
            part.Cell.Active.Outstanding++;
        _read.Enqueue(batch);
        Records += batch.Count;
    }

    /// <summary>
    /// The next one to send, if it may be sent: one that may make a damaged session be read again waits until
    /// everything before it is committed.
    /// </summary>
    public RecordBatch? Next => _read.TryPeek(out var next) && (_sent.Count == 0 || !next.MayBeMended) ? next : null;

    /// <summary>Sends the next one.</summary>
    public void Send(Action<UserBatch> send)
    {
        var batch = _read.Dequeue();
        _sent.Enqueue(batch);
        foreach (var part in batch.Users)
            send(part);
    }

    /// <summary>Takes the next one that is folded whole.</summary>
    public bool TryTakeDone(out RecordBatch batch)
    {
        if (!_sent.TryPeek(out batch!) || !batch.IsDone)
            return false;
        _sent.Dequeue();
        Records -= batch.Count;
        return true;
    }
}
