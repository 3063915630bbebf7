namespace CourseRec.Training.Data;

/// <summary>The interactions of a file in its order, in blocks, so that growing copies nothing.</summary>
internal sealed class RowBuffer
{
    private const int BlockBits = 18;
    private const int BlockLength = 1 << BlockBits;

    private readonly List<Row[]> _blocks = [];

    public IdTable Users { get; } = new();

    public IdTable Courses { get; } = new();

    public int Count { get; private set; }

    public ref readonly Row this[int row] => ref _blocks[row >> BlockBits][row & (BlockLength - 1)];

    /// <summary>Appends a row. <paramref name="time"/> is Unix milliseconds, or 0 in files without times.</summary>
    public void Add(int user, int course, long time, FileLines lines)
    {
        if (Count == Array.MaxLength)
            throw lines.Malformed($"a file has at most {Array.MaxLength} interactions");
        if (Count >> BlockBits == _blocks.Count)
            _blocks.Add(new Row[BlockLength]);
        _blocks[^1][Count & (BlockLength - 1)] = new(user, course, time);
        Count++;
    }
}

/// <summary>One interaction.</summary>
internal readonly record struct Row(int User, int Course, long Time);
