using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Embedded;

/// <summary>What is known of a partition in memory.</summary>
internal sealed class LogPartition(int number, long tailBytes)
{
    private PartitionPosition _position = new(0, 0, 0, 0, 0);
    private long _committed;

    public int Number => number;

    public PartitionTail Tail { get; } = new(tailBytes);

    /// <summary>What the file holds. Set by the writer alone, after each commit.</summary>
    public PartitionPosition Position
    {
        get => Volatile.Read(ref _position);
        set => Volatile.Write(ref _position, value);
    }

    public OffsetRange Range => new(Position.First, Position.End);

    /// <summary>Everything below is stored; it never falls.</summary>
    public long Committed => Volatile.Read(ref _committed);

    /// <summary>Everything below may be trimmed, as far as it was looked for. For the writer alone.</summary>
    public long SettledEnd { get; set; }

    public void Commit(long next)
    {
        var seen = Committed;
        while (next > seen)
        {
            var before = Interlocked.CompareExchange(ref _committed, next, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }
}

/// <summary>Where a partition stands in the file.</summary>
/// <param name="First">The first offset left.</param>
/// <param name="End">One past the last offset.</param>
/// <param name="HighAt">The latest acceptance time so far, Unix milliseconds.</param>
/// <param name="BytesBefore">Bytes of records ever trimmed.</param>
/// <param name="BytesThrough">Bytes of records ever appended.</param>
internal sealed record PartitionPosition(long First, long End, long HighAt, long BytesBefore, long BytesThrough)
{
    public long Bytes => BytesThrough - BytesBefore;
}
