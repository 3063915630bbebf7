namespace CourseRec.Training.Data;

/// <summary>
/// <c>user course course …</c>, one line a user, or <c>user course</c>, one line an interaction: which of the two
/// shows as soon as a line has more than one course, or a user a second line.
/// </summary>
internal sealed class SequenceLines(FileLines lines, RowBuffer rows) : ILineFormat
{
    private static readonly System.Buffers.SearchValues<byte> Blanks = System.Buffers.SearchValues.Create(" \t"u8);

    private readonly List<long> _linesOfUsers = [];
    private long _firstRepeat;
    private long _firstLong;

    public InteractionFormat Format => _firstLong > 0 ? InteractionFormat.Sequences : InteractionFormat.Pairs;

    public bool HasTimes => false;

    public void Read(ReadOnlySpan<byte> line)
    {
        var user = rows.Users.GetOrAdd(Next(ref line), lines);
        var courses = 0;
        for (var course = Next(ref line); !course.IsEmpty; course = Next(ref line))
        {
            rows.Add(user, rows.Courses.GetOrAdd(course, lines), 0, lines);
            courses++;
        }
        if (courses == 0)
            throw lines.Malformed(
                $"user '{IdTable.Printable(rows.Users.Ids[user])}' has no courses; a line is 'user course course …'"
            );
        if (courses > 1 && _firstLong == 0)
            _firstLong = lines.Number;
        if (user < _linesOfUsers.Count && _firstRepeat == 0)
            _firstRepeat = lines.Number;
        if (user == _linesOfUsers.Count)
            _linesOfUsers.Add(lines.Number);
        if (_firstLong > 0 && _firstRepeat > 0)
            throw Contradiction(user, courses);
    }

    private InteractionDataException Contradiction(int user, int courses) =>
        _firstRepeat == lines.Number
            ? lines.Malformed($"user '{rows.Users.Ids[user]}' has a line already (line {_linesOfUsers[user]})")
            : lines.Malformed(
                $"{courses} courses, where the lines before are 'user course' (line {_firstRepeat} repeats a user)"
            );

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> line)
    {
        var start = line.IndexOfAnyExcept(Blanks);
        if (start < 0)
            return line = [];
        line = line[start..];
        var length = line.IndexOfAny(Blanks);
        var field = length < 0 ? line : line[..length];
        line = line[field.Length..];
        return field;
    }
}
