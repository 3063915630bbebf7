namespace CourseRec.Training.Data;

/// <summary>
/// Makes sequences of rows: grouped by user, by time where there is one, ties in the order of the file.
/// </summary>
internal sealed class DatasetAssembler
{
    private readonly ILineFormat _format;
    private readonly RowBuffer _rows;
    private readonly int[] _starts;
    private readonly int[] _items;
    private readonly long[]? _times;

    private DatasetAssembler(ILineFormat format, RowBuffer rows)
    {
        (_format, _rows) = (format, rows);
        _starts = new int[rows.Users.Count + 1];
        for (var row = 0; row < rows.Count; row++)
            if (format.Keeps(row))
                _starts[rows[row].User + 1]++;
        for (var user = 0; user < rows.Users.Count; user++)
            _starts[user + 1] += _starts[user];
        _items = new int[_starts[^1]];
        _times = format.HasTimes ? new long[_items.Length] : null;
    }

    public static InteractionDataset Assemble(ILineFormat format, RowBuffer rows)
    {
        var assembler = new DatasetAssembler(format, rows);
        assembler.Group();
        assembler.SortByTime();
        return format.Format == InteractionFormat.JsonLines ? assembler.WithoutRepeats() : assembler.Whole();
    }

    private void Group()
    {
        var next = _starts[..^1];
        for (var row = 0; row < _rows.Count; row++)
        {
            if (!_format.Keeps(row))
                continue;
            ref readonly var it = ref _rows[row];
            var place = next[it.User]++;
            _items[place] = it.Course;
            if (_times is not null)
                _times[place] = it.Time;
        }
    }

    private void SortByTime()
    {
        if (_times is null)
            return;
        var places = new int[_items.Length];
        for (var user = 0; user < _rows.Users.Count; user++)
        {
            var all = _starts[user].._starts[user + 1];
            if (IsSorted(_times.AsSpan(all)))
                continue;
            var items = _items[all];
            var order = places.AsSpan(0, items.Length);
            for (var i = 0; i < order.Length; i++)
                order[i] = i;
            SortStably(_times.AsSpan(all), order);
            for (var i = 0; i < order.Length; i++)
                _items[_starts[user] + i] = items[order[i]];
        }
    }

    private static bool IsSorted(ReadOnlySpan<long> times)
    {
        for (var i = 1; i < times.Length; i++)
            if (times[i] < times[i - 1])
                return false;
        return true;
    }

    private static void SortStably(Span<long> times, Span<int> order)
    {
        times.Sort(order);
        for (int start = 0, end; start < times.Length; start = end)
        {
            for (end = start + 1; end < times.Length && times[end] == times[start]; )
                end++;
            order[start..end].Sort();
        }
    }

    private InteractionDataset Whole() =>
        new(_format.Format, _rows.Users.Ids, _rows.Courses.Ids, _starts, _items, _times);

    /// <summary>
    /// A user's first event with a course stands for all of them: what follows it is no choice any more.
    /// </summary>
    private InteractionDataset WithoutRepeats()
    {
        var (users, starts, kept) = (new List<string>(), new List<int> { 0 }, 0);
        var seen = new HashSet<int>();
        for (var user = 0; user < _rows.Users.Count; user++)
        {
            seen.Clear();
            for (var i = _starts[user]; i < _starts[user + 1]; i++)
            {
                if (!seen.Add(_items[i]))
                    continue;
                _items[kept] = _items[i];
                if (_times is not null)
                    _times[kept] = _times[i];
                kept++;
            }
            if (seen.Count == 0)
                continue;
            users.Add(_rows.Users.Ids[user]);
            starts.Add(kept);
        }
        return new(_format.Format, users, _rows.Courses.Ids, [.. starts], _items[..kept], _times?[..kept]);
    }
}
