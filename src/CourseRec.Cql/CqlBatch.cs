using System.Buffers.Binary;
using CourseRec.Cql.Protocol;

namespace CourseRec.Cql;

/// <summary>
/// An unlogged batch within one partition: its statements happen together or not at all, for the price of one write.
/// To be executed once, by one caller.
/// </summary>
public sealed class CqlBatch : CqlRequest
{
    private const int CountAt = FrameHeader.Size + 1;
    private const int Unlogged = 1;
    private readonly List<CqlStatement> _statements = [];
    private long? _token;
    private int _count;

    /// <summary>An empty batch.</summary>
    public CqlBatch()
        : base(Opcode.Batch)
    {
        Frame.Byte(Unlogged);
        Frame.Short(0);
    }

    /// <summary>Statements in it.</summary>
    public int Count => _count;

    internal override IReadOnlyList<CqlStatement> Statements => _statements;

    internal override bool IsConditional => _statements.Any(statement => statement.IsConditional);

    internal override long? Token => _token;

    /// <summary>Adds a statement; its buffer is done with.</summary>
    /// <exception cref="ArgumentException">It is of another partition: a batch over several costs more than its
    /// parts.</exception>
    public CqlBatch Add(CqlBound bound)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(_count, ushort.MaxValue);
        var token = bound.Token;
        if (token is not null && _token is not null && token != _token)
            throw new ArgumentException($"A batch is of one partition; '{bound.Statements[0].Text}' names another.");
        bound.Take();
        _token ??= token;
        var statement = bound.Statements[0];
        if (!_statements.Contains(statement))
            _statements.Add(statement);
        Frame.Byte(1);
        Frame.ShortBytes(statement.Id);
        Frame.Raw(bound.Values);
        bound.Frame.Release();
        BinaryPrimitives.WriteUInt16BigEndian(Frame.At(CountAt, 2), (ushort)++_count);
        return this;
    }

    /// <summary>
    /// The timestamp of every write in it that has no <c>USING TIMESTAMP</c>, in place of the server's clock.
    /// </summary>
    /// <param name="timestamp">From 0; by custom, Unix microseconds.</param>
    public CqlBatch WithTimestamp(long timestamp)
    {
        SetTimestamp(timestamp);
        return this;
    }

    internal override void CheckComplete()
    {
        if (_count == 0)
            throw new InvalidOperationException("A batch without statements can't be executed.");
    }
}
