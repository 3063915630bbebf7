using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using CourseRec.Actors.Partitions;
using CourseRec.Models;
using CourseRec.Models.Catalogue;
using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Sessions;

/// <summary>
/// A session as it is stored: one blob with a format number, its version, the ids of its courses, the packed session
/// and a checksum. At most 256 KiB; who would need more is parked.
/// </summary>
/// <remarks>
/// Layout: format (1 byte) | version (8) | number of ids, ids (UTF-8, length first) | packed session with courses as
/// places in that list | CRC-32C (4) of all before; from format 2 on, of the user (UTF-8) and all before, so that a
/// session in another user's row is none. Every format to come keeps the first byte and the checksum: they tell a
/// format that is unknown, which is the program's matter, from damage, which is the user's.
/// </remarks>
public sealed class SessionCodec(FoldRules rules, CourseIndex courses)
{
    private const int FirstOfUser = 2;
    private const int LeastBytes = 16;
    private const int FixedBytes = 32;
    private const int ChecksumBytes = 4;
    private readonly ArrayBufferWriter<byte> _body = new(1024);
    private readonly ArrayBufferWriter<byte> _blob = new(2048);
    private readonly BlobCourseNumbers _numbers = new();

    /// <summary>The format to write.</summary>
    public int Format { get; set; } = SessionFormats.Newest;

    /// <summary>
    /// Whether a session's stored form is within its bound. Nearly all are, by what their courses can take at most.
    /// </summary>
    /// <param name="user">The user.</param>
    /// <param name="session">The session.</param>
    /// <param name="packedBytes">What it takes when packed in memory.</param>
    public bool Fits(string user, UserSession session, int packedBytes)
    {
        var courses = session.History.Length + session.Taken.Count;
        var most = FixedBytes + packedBytes + (courses * FoldRules.MaxCourseBytes);
        return most <= FoldRules.MaxSessionBytes || Encode(user, session).Length <= FoldRules.MaxSessionBytes;
    }

    /// <summary>The stored form. The codec is scratch space of one thread.</summary>
    public byte[] Encode(string user, UserSession session)
    {
        _numbers.Clear();
        _body.ResetWrittenCount();
        SessionPacking.Write(session, _numbers, _body);
        _blob.ResetWrittenCount();
        _blob.Write([(byte)Format]);
        _blob.WriteFixed((ulong)session.Version.Value);
        _blob.WriteVarint(_numbers.Courses.Count);
        foreach (var course in _numbers.Courses)
            _blob.WriteText(courses[course]);
        _blob.Write(_body.WrittenSpan);
        var blob = new byte[_blob.WrittenCount + ChecksumBytes];
        _blob.WrittenSpan.CopyTo(blob);
        var checksum = ChecksumOf(Format, user, _blob.WrittenSpan);
        BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(_blob.WrittenCount), checksum);
        return blob;
    }

    /// <summary>Reads a stored session.</summary>
    /// <exception cref="InvalidDataException">The blob is damaged, another user's, or its version is not the
    /// row's.</exception>
    /// <exception cref="StoreMismatchException">It is whole, and of a format that this program does not
    /// read.</exception>
    public void Decode(string user, ReadOnlySpan<byte> blob, LogVersion version, UserSession session)
    {
        session.Clear();
        if (blob.Length is < LeastBytes or > FoldRules.MaxSessionBytes)
            throw new InvalidDataException($"{blob.Length} bytes can't be a session");
        var format = blob[0];
        var content = blob[..^ChecksumBytes];
        if (BinaryPrimitives.ReadUInt32LittleEndian(blob[^ChecksumBytes..]) != ChecksumOf(format, user, content))
            throw new InvalidDataException("the checksum does not match");
        if (format is < SessionFormats.Oldest or > SessionFormats.Newest)
            throw new StoreMismatchException(
                $"format {format} is unknown, this program reads {SessionFormats.Oldest} and {SessionFormats.Newest}"
            );
        var input = new PackedReader(content[1..]);
        session.Version = new LogVersion((long)input.ReadFixed());
        if (session.Version != version)
            throw new InvalidDataException($"the row says version {version}, the session inside {session.Version}");
        _numbers.Clear();
        for (var count = input.ReadCount(content.Length); count > 0; count--)
            _numbers.Courses.Add(courses.GetOrAdd(input.ReadText()));
        SessionPacking.Read(ref input, _numbers, rules, session);
        if (!input.IsAtEnd)
            throw new InvalidDataException("there is data after the session");
    }

    private static uint ChecksumOf(int format, string user, ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        if (format >= FirstOfUser)
        {
            Span<byte> name = stackalloc byte[3 * InteractionParser.MaxIdLength];
            crc = Crc32C.Append(crc, name[..Encoding.UTF8.GetBytes(user, name)]);
        }
        return ~Crc32C.Append(crc, content);
    }

    private sealed class BlobCourseNumbers : ICourseNumbers
    {
        private readonly Dictionary<int, int> _numbers = [];

        public List<int> Courses { get; } = [];

        public void Clear()
        {
            _numbers.Clear();
            Courses.Clear();
        }

        public int NumberOf(int course)
        {
            if (!_numbers.TryGetValue(course, out var number))
            {
                number = Courses.Count;
                _numbers.Add(course, number);
                Courses.Add(course);
            }
            return number;
        }

        public int CourseOf(int number) =>
            (uint)number < (uint)Courses.Count
                ? Courses[number]
                : throw new InvalidDataException($"course {number} of {Courses.Count} does not exist");
    }
}
