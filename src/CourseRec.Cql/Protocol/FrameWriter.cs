using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace CourseRec.Cql.Protocol;

/// <summary>A growing pooled buffer that frames are written to, big-endian. For one caller at a time.</summary>
internal sealed class FrameWriter(int capacity)
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>Where what is already written is patched.</summary>
    public Span<byte> At(int offset, int length) => _bytes.AsSpan(0, Length).Slice(offset, length);

    public void Byte(int value) => Take(1)[0] = (byte)value;

    public void Short(int value) => BinaryPrimitives.WriteInt16BigEndian(Take(2), (short)value);

    public void Int(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

    public void Long(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(8), value);

    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>[bytes] and [value]: an int of length, then the bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Int(bytes.Length);
        Raw(bytes);
    }

    /// <summary>[short bytes].</summary>
    public void ShortBytes(ReadOnlySpan<byte> bytes)
    {
        Short(checked((short)bytes.Length));
        Raw(bytes);
    }

    /// <summary>[string].</summary>
    public void String(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Short(checked((short)length));
        Encoding.UTF8.GetBytes(text, Take(length));
    }

    /// <summary>[long string], which is how a text value is written too.</summary>
    public void LongString(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Int(length);
        Encoding.UTF8.GetBytes(text, Take(length));
    }

    /// <summary>Room for so many bytes, which the caller fills.</summary>
    public Span<byte> Take(int count)
    {
        if (_bytes.Length - Length < count)
            Grow(count);
        var taken = _bytes.AsSpan(Length, count);
        Length += count;
        return taken;
    }

    /// <summary>Forgets what comes after.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Forgets everything, and a buffer that has grown beyond this.</summary>
    public void Clear(int usual)
    {
        Length = 0;
        if (_bytes.Length <= 2 * usual)
            return;
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = ArrayPool<byte>.Shared.Rent(usual);
    }

    /// <summary>Gives the bytes back to the pool; the writer is not used again.</summary>
    public void Release()
    {
        var bytes = Interlocked.Exchange(ref _bytes, []);
        Length = 0;
        if (bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(bytes);
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(_bytes.Length * 2, Length + count)));
        Written.CopyTo(larger);
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
