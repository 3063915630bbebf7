using System.Buffers.Binary;
using System.Text;
using CourseRec.Models.Catalogue;

namespace CourseRec.Models.Baselines;

/// <summary>
/// Reads what <see cref="CourseFrameWriter"/> wrote; everything else is an <see cref="InvalidDataException"/>.
/// </summary>
internal ref struct CourseFrameReader
{
    private const int ChecksumBytes = 4;

    private readonly CourseFrame _frame;
    private readonly int[] _table;
    private ReadOnlySpan<byte> _rest;

    public CourseFrameReader(ReadOnlySpan<byte> saved, CourseFrame frame, CourseIndex courses)
    {
        _frame = frame;
        _table = [];
        if (saved.Length < frame.Letters.Length + ChecksumBytes || !saved.StartsWith(frame.Letters))
            throw Damaged("the first bytes are not theirs");
        var content = saved[..^ChecksumBytes];
        var checksum = saved[^ChecksumBytes..];
        if (Crc32C.Of(content) != BinaryPrimitives.ReadUInt32LittleEndian(checksum))
            throw Damaged("the checksum differs");
        _rest = content[frame.Letters.Length..];
        Version = Whole();
        if (Version < frame.Oldest || Version > frame.Version)
            throw new InvalidDataException(
                $"The {frame.What} have format {Version}; this version of CourseRec reads format {Readable(frame)}."
            );
        _table = new int[Count()];
        foreach (ref var course in _table.AsSpan())
            course = ReadCourse(courses);
    }

    /// <summary>The version that was written, one of those that are read.</summary>
    public long Version { get; }

    /// <summary>A count of things that take at least a byte each.</summary>
    public int Count()
    {
        var count = Whole();
        return count >= 0 && count <= _rest.Length ? (int)count : throw Damaged("a count is too large");
    }

    public long Whole()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return (long)value;
        }
        throw Damaged("a number is too long");
    }

    public long Signed()
    {
        var value = (ulong)Whole();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public double Number() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public float ShortNumber() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    /// <summary>A course, or −1 for none.</summary>
    public int Course()
    {
        var place = Whole();
        return place == 0 ? -1
            : place > 0 && place <= _table.Length ? _table[place - 1]
            : throw Damaged("a course is not in its table");
    }

    public readonly void End()
    {
        if (!_rest.IsEmpty)
            throw Damaged("bytes are left over");
    }

    public readonly InvalidDataException Damaged(string how) => new($"The {_frame.What} are damaged: {how}.");

    private static string Readable(CourseFrame frame) =>
        frame.Oldest == frame.Version ? $"{frame.Version}" : $"{frame.Oldest} to {frame.Version}";

    private int ReadCourse(CourseIndex courses)
    {
        Span<char> id = stackalloc char[512];
        var utf8 = Take(Count());
        if (utf8.Length > id.Length)
            throw Damaged("a course id is too long");
        return courses.GetOrAdd(id[..Encoding.UTF8.GetChars(utf8, id)]);
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
            throw Damaged("they end too early");
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
