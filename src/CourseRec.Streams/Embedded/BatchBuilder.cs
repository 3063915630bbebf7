using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Embedded;

/// <summary>Gathers one partition's records into batches. Not safe for concurrent use; used again and again.</summary>
internal sealed class BatchBuilder
{
    /// <summary>
    /// A batch is closed before it passes this; below the large object heap's threshold. A larger record has its own.
    /// </summary>
    private const int MaxBytes = 64 << 10;

    /// <summary>A batch holds no more records than this.</summary>
    public const int MaxRecords = 4096;

    private byte[] _buffer = new byte[4 << 10];
    private int _length;
    private int _count;
    private long _firstAt;
    private long _highAt;

    /// <summary>The batches closed so far.</summary>
    public List<ClosedBatch> Closed { get; } = [];

    public void Add(in NewRecord record)
    {
        var size = BatchCodec.MaxSize(record);
        if (_count == MaxRecords || (_count > 0 && _length + size > MaxBytes))
            Close();
        if (_length + size > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_length + size, 2 * _buffer.Length));
        if (_count == 0)
            (_firstAt, _highAt) = (record.AcceptedAt, record.AcceptedAt);
        _highAt = Math.Max(_highAt, record.AcceptedAt);
        _length += BatchCodec.Write(_buffer.AsSpan(_length), record, _firstAt);
        _count++;
    }

    public void Close()
    {
        if (_count == 0)
            return;
        Closed.Add(new(_count, _firstAt, _highAt, _buffer.AsSpan(0, _length).ToArray()));
        (_length, _count) = (0, 0);
    }

    public void Clear()
    {
        Closed.Clear();
        (_length, _count) = (0, 0);
    }
}

/// <summary>Records that have no offsets yet.</summary>
/// <param name="Count">How many.</param>
/// <param name="FirstAt">When the first was accepted, Unix milliseconds.</param>
/// <param name="HighAt">When the latest was accepted, Unix milliseconds.</param>
/// <param name="Records">As <see cref="BatchCodec"/> writes them.</param>
internal readonly record struct ClosedBatch(int Count, long FirstAt, long HighAt, byte[] Records);
