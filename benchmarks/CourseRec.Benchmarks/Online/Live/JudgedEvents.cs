using CourseRec.Actors.Learning;

namespace CourseRec.Benchmarks.Online.Live;

/// <summary>One judged discovery.</summary>
/// <param name="User">The user's stable hash.</param>
/// <param name="Course">The course's process index.</param>
/// <param name="Time">Event time, Unix milliseconds.</param>
/// <param name="Ranks">The course's rank by contender, in the order of <see cref="JudgedEvents.Contenders"/>; shorter,
/// or NaN, where one did not take part yet.</param>
internal readonly record struct JudgedRow(ulong User, int Course, long Time, float[] Ranks);

/// <summary>
/// Keeps every judged event of a run, in the order in which they were judged. Safe for concurrent use.
/// </summary>
internal sealed class JudgedEvents : IJudgeSink
{
    private readonly Lock _lock = new();
    private readonly List<string> _contenders = [];
    private readonly List<JudgedRow> _rows = [];

    /// <summary>The contenders' names, in the order in which they turned up.</summary>
    public IReadOnlyList<string> Contenders => _contenders;

    /// <summary>The events. Read it when nothing is judged any more.</summary>
    public IReadOnlyList<JudgedRow> Rows => _rows;

    /// <summary>Events so far.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _rows.Count;
        }
    }

    /// <inheritdoc/>
    public void Judged(in JudgedEvent e)
    {
        lock (_lock)
        {
            Span<int> columns = stackalloc int[e.Ranks.Count];
            for (var i = 0; i < columns.Length; i++)
                columns[i] = ColumnOf(e.Ranks[i].Contender);
            var ranks = new float[_contenders.Count];
            Array.Fill(ranks, float.NaN);
            for (var i = 0; i < columns.Length; i++)
                ranks[columns[i]] = (float)e.Ranks[i].Rank;
            _rows.Add(new(e.User, e.Course, e.Time, ranks));
        }
    }

    private int ColumnOf(string contender)
    {
        var column = _contenders.IndexOf(contender);
        if (column >= 0)
            return column;
        _contenders.Add(contender);
        return _contenders.Count - 1;
    }
}
