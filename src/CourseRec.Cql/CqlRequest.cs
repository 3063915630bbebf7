using System.Buffers.Binary;
using CourseRec.Cql.Protocol;
using CourseRec.Cql.Topology;

namespace CourseRec.Cql;

/// <summary>Something to execute, once: its frame, made in one pooled buffer.</summary>
public abstract class CqlRequest
{
    private const int InitialCapacity = 512;
    private readonly Opcode _opcode;
    private long? _timestamp;
    private int _contentEnd;
    private bool _taken;

    private protected CqlRequest(Opcode opcode)
    {
        _opcode = opcode;
        Frame = new(InitialCapacity);
        Frame.Take(FrameHeader.Size);
    }

    internal FrameWriter Frame { get; }

    /// <summary>The prepared statements that the frame names.</summary>
    internal abstract IReadOnlyList<CqlStatement> Statements { get; }

    /// <summary>Whether a second attempt would see the first.</summary>
    internal abstract bool IsConditional { get; }

    /// <summary>Where consistency, flags, count and values begin.</summary>
    internal int ParametersAt { get; private set; }

    /// <summary>The token of the partition that is meant; null when unknown.</summary>
    internal virtual long? Token => null;

    internal virtual void CheckComplete() { }

    /// <summary>
    /// The timestamp of every write in it that has no <c>USING TIMESTAMP</c>, in place of the server's clock; at least
    /// 0.
    /// </summary>
    private protected void SetTimestamp(long timestamp)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(timestamp);
        _timestamp = timestamp;
    }

    /// <summary>The one who executes it takes it; nobody else can afterwards.</summary>
    internal void Take()
    {
        ObjectDisposedException.ThrowIf(_taken, this);
        CheckComplete();
        _taken = true;
        _contentEnd = Frame.Length;
    }

    /// <summary>Completes the frame; again for each page.</summary>
    internal void Seal(int version, CqlConsistency level, CqlConsistency serial, int pageSize, ReadOnlySpan<byte> page)
    {
        Frame.Truncate(_contentEnd);
        var flags = Parameters.None;
        if (_opcode == Opcode.Batch)
            Frame.Take(3);
        else
            flags |= Parameters.Values;
        if (pageSize > 0)
        {
            flags |= Parameters.PageSize;
            Frame.Int(pageSize);
        }
        if (page.Length > 0)
        {
            flags |= Parameters.PagingState;
            Frame.Bytes(page);
        }
        if (IsConditional)
        {
            flags |= Parameters.SerialConsistency;
            Frame.Short((short)serial);
        }
        if (_timestamp is { } timestamp)
        {
            flags |= Parameters.Timestamp;
            Frame.Long(timestamp);
        }
        var parameters = Frame.At(_opcode == Opcode.Batch ? _contentEnd : ParametersAt, 3);
        BinaryPrimitives.WriteInt16BigEndian(parameters, (short)level);
        parameters[2] = (byte)flags;
        new FrameHeader(version, FrameFlags.None, 0, _opcode, Frame.Length - FrameHeader.Size).Write(
            Frame.At(0, FrameHeader.Size)
        );
    }

    private protected void BeginParameters(int values)
    {
        ParametersAt = Frame.Length;
        Frame.Take(3);
        Frame.Short(values);
    }

    [Flags]
    private enum Parameters : byte
    {
        None = 0,
        Values = 0x01,
        PageSize = 0x04,
        PagingState = 0x08,
        SerialConsistency = 0x10,
        Timestamp = 0x20,
    }
}
