using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Embedded;

/// <summary>
/// Records in a batch, one after the other: acceptance time less the first record's (zigzag varint), key length
/// (varint), key, value length (varint), value. Varints are LEB128.
/// </summary>
internal static class BatchCodec
{
    private const int MaxVarint = 10;

    /// <summary>The most bytes that a record takes.</summary>
    public static int MaxSize(in NewRecord record) => record.Key.Length + record.Value.Length + 3 * MaxVarint;

    /// <summary>Writes a record; answers the bytes taken.</summary>
    public static int Write(Span<byte> target, in NewRecord record, long firstAt)
    {
        var delta = record.AcceptedAt - firstAt;
        var at = WriteVarint(target, (ulong)((delta << 1) ^ (delta >> 63)));
        at += WriteBytes(target[at..], record.Key.Span);
        return at + WriteBytes(target[at..], record.Value.Span);
    }

    /// <summary>The records from an offset on, of contiguous batches. Their values are slices of the batches.</summary>
    public static LogRecord[] Read(IReadOnlyList<Batch> batches, long from)
    {
        var start = Math.Max(from, batches[0].Base);
        var records = new LogRecord[batches[^1].End - start];
        foreach (var batch in batches)
            Read(batch, start, records);
        return records;
    }

    private static void Read(Batch batch, long start, LogRecord[] into)
    {
        var at = 0;
        for (var offset = batch.Base; offset < batch.End; offset++)
        {
            var zigzag = ReadVarint(batch.Records, ref at);
            var keyLength = (int)ReadVarint(batch.Records, ref at);
            at += keyLength;
            var length = (int)ReadVarint(batch.Records, ref at);
            if (offset >= start)
            {
                var acceptedAt = batch.FirstAt + ((long)(zigzag >> 1) ^ -(long)(zigzag & 1));
                into[offset - start] = new(offset, acceptedAt, new ReadOnlyMemory<byte>(batch.Records, at, length));
            }
            at += length;
        }
    }

    private static int WriteBytes(Span<byte> target, ReadOnlySpan<byte> bytes)
    {
        var at = WriteVarint(target, (ulong)bytes.Length);
        bytes.CopyTo(target[at..]);
        return at + bytes.Length;
    }

    private static int WriteVarint(Span<byte> target, ulong value)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7)
            target[at++] = (byte)(value | 0x80);
        target[at++] = (byte)value;
        return at;
    }

    private static ulong ReadVarint(byte[] source, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = source[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
