namespace CourseRec.Streams.Embedded;

/// <summary>
/// The newest batches of a partition, in memory, so that who follows at the tail never reads the file. Bounded by
/// bytes; when full, the oldest batches go (they are then read from the file).
/// </summary>
internal sealed class PartitionTail(long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<Batch> _batches = new();
    private readonly Signal _changed = new();
    private long _bytes;
    private long _end;

    /// <summary>One past the last offset published.</summary>
    public long End => Volatile.Read(ref _end);

    /// <summary>Completes at the next publication.</summary>
    public Task Changed => _changed.Next;

    public void Publish(Batch batch)
    {
        lock (_gate)
        {
            _batches.Enqueue(batch);
            _bytes += batch.Records.Length;
            while (_bytes > maxBytes)
                Drop();
            Volatile.Write(ref _end, batch.End);
        }
        _changed.Raise();
    }

    /// <summary>Forgets all batches: what is below the end is in the file only.</summary>
    public void Reset(long end)
    {
        lock (_gate)
        {
            _batches.Clear();
            _bytes = 0;
            Volatile.Write(ref _end, end);
        }
        _changed.Raise();
    }

    /// <summary>
    /// Takes contiguous batches from the one that holds an offset on; none when that one is not in memory.
    /// </summary>
    /// <param name="next">The offset wanted. Batches below it are forgotten.</param>
    /// <param name="maxRecords">No more records than this, beyond the first batch.</param>
    public List<Batch> Take(long next, int maxRecords)
    {
        var taken = new List<Batch>();
        lock (_gate)
        {
            while (_batches.TryPeek(out var oldest) && oldest.End <= next)
                Drop();
            var count = 0;
            while (_batches.TryPeek(out var batch) && batch.Base <= next)
            {
                count += batch.Count;
                if (taken.Count > 0 && count > maxRecords)
                    break;
                taken.Add(batch);
                next = batch.End;
                Drop();
            }
        }
        return taken;
    }

    private void Drop() => _bytes -= _batches.Dequeue().Records.Length;
}
