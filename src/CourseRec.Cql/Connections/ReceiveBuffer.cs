using System.Buffers;
using CourseRec.Cql.Protocol;

namespace CourseRec.Cql.Connections;

/// <summary>
/// Cuts what is received into frames. It grows with what has arrived, never with what a header claims.
/// </summary>
internal sealed class ReceiveBuffer : IDisposable
{
    private const int Usual = 64 << 10;
    private const int Large = 1 << 20;
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Usual);
    private int _start;
    private int _end;

    /// <summary>Where to receive; never empty.</summary>
    public Memory<byte> Free()
    {
        if (_start == _end)
            (_start, _end) = (0, 0);
        if (_end == 0 && _bytes.Length > Large)
            Resize(Usual);
        else if (_end == _bytes.Length && _start > 0)
            Compact(_bytes);
        else if (_end == _bytes.Length)
            Resize(_bytes.Length * 2);
        return _bytes.AsMemory(_end);
    }

    /// <summary>So many bytes were received.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>The next whole frame; its body is valid until the next <see cref="Free"/>.</summary>
    public bool TryRead(out FrameHeader header, out ReadOnlySpan<byte> body)
    {
        header = default;
        body = default;
        var received = _bytes.AsSpan(_start, _end - _start);
        if (received.Length < FrameHeader.Size)
            return false;
        header = FrameHeader.Read(received);
        if (received.Length - FrameHeader.Size < header.Length)
            return false;
        body = received.Slice(FrameHeader.Size, header.Length);
        _start += FrameHeader.Size + header.Length;
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void Resize(int length)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        var old = _bytes;
        Compact(bytes);
        _bytes = bytes;
        ArrayPool<byte>.Shared.Return(old);
    }

    private void Compact(byte[] target)
    {
        _bytes.AsSpan(_start, _end - _start).CopyTo(target);
        (_start, _end) = (0, _end - _start);
    }
}
