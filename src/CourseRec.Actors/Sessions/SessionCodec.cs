using System.Buffers;
using System.Buffers.Binary;
using CourseRec.Models;
using CourseRec.Models.Catalogue;

namespace CourseRec.Actors.Sessions;

/// <summary>
/// A session as it is stored: one blob with a format number, its version, the ids of its courses, the packed session
/// and a checksum. At most 256 KiB (the history and the taken courses are bounded by the rules).
/// </summary>
/// <remarks>
/// Layout: format (1 byte) | version (8) | number of ids, ids (UTF-8, length first) | packed session with courses as places in
/// that list | CRC-32C of all before (4).
/// </remarks>
internal sealed class SessionCodec(FoldRules rules, CourseIndex courses)
{
    private const byte Format = 1;
    private const int ChecksumBytes = 4;
    private readonly ArrayBufferWriter<byte> _body = new(1024);
    private readonly ArrayBufferWriter<byte> _blob = new(2048);
    private readonly BlobCourseNumbers _numbers = new();

    /// <summary>The stored form. The codec is scratch space of one thread.</summary>
    public byte[] Encode(UserSession session)
    {
        _numbers.Clear();
        _body.ResetWrittenCount();
        SessionPacking.Write(session, _numbers, _body);
        _blob.ResetWrittenCount();
        _blob.Write([Format]);
        _blob.WriteFixed((ulong)session.Version.Value);
        _blob.WriteVarint(_numbers.Courses.Count);
        foreach (var course in _numbers.Courses)
            _blob.WriteText(courses[course]);
        _blob.Write(_body.WrittenSpan);
        var blob = new byte[_blob.WrittenCount + ChecksumBytes];
        _blob.WrittenSpan.CopyTo(blob);
        BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(_blob.WrittenCount), Crc32C.Of(_blob.WrittenSpan));
        return blob;
    }

    /// <summary>Reads a stored session.</summary>
    /// <exception cref="InvalidDataException">The blob is damaged, of a format that this program does not read, or its version is not the row's.</exception>
    public void Decode(ReadOnlySpan<byte> blob, LogVersion version, UserSession session)
    {
        session.Clear();
        if (blob.IsEmpty || blob[0] != Format)
            throw new InvalidDataException(
                $"format {(blob.IsEmpty ? 0 : blob[0])} is unknown, this program reads {Format}"
            );
        if (blob.Length is < 16 or > FoldRules.MaxSessionBytes)
            throw new InvalidDataException($"{blob.Length} bytes can't be a session");
        var content = blob[..^ChecksumBytes];
        if (BinaryPrimitives.ReadUInt32LittleEndian(blob[^ChecksumBytes..]) != Crc32C.Of(content))
            throw new InvalidDataException("the checksum does not match");
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
