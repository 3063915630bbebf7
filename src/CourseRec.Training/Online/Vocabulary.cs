using CourseRec.Models.Catalogue;

namespace CourseRec.Training.Online;

/// <summary>Which row of the learning model is which course of the process, and how often each was a target.</summary>
internal sealed class Vocabulary(CourseIndex courses)
{
    private readonly List<string> _ids = [];
    private readonly List<int> _process = [];
    private readonly List<long> _targets = [];
    private int[] _rows = [];

    /// <summary>V.</summary>
    public int Count => _ids.Count;

    /// <summary>Row r is course Ids[r − 1].</summary>
    public IReadOnlyList<string> Ids => _ids;

    /// <summary>The row of a course of the process, 1 … V; 0 if it has none.</summary>
    public int Row(int course) => (uint)course < (uint)_rows.Length ? _rows[course] : 0;

    /// <summary>The process index of row r.</summary>
    public int Course(int row) => _process[row - 1];

    /// <summary>How often row r was a target.</summary>
    public long Targets(int row) => _targets[row - 1];

    /// <summary>Counts a target of row r.</summary>
    public void CountTarget(int row) => _targets[row - 1]++;

    /// <summary>Gives a course the next row, unless it has one.</summary>
    public void Add(int course)
    {
        if (Row(course) > 0)
            return;
        if (course >= _rows.Length)
            Array.Resize(ref _rows, Math.Max(course + 1, Math.Max(courses.Count, _rows.Length * 2)));
        _ids.Add(courses[course]);
        _process.Add(course);
        _targets.Add(0);
        _rows[course] = _ids.Count;
    }

    /// <summary>Gives a course the next row, unless it has one; the process learns its id.</summary>
    public void Add(string id) => Add(courses.GetOrAdd(id));

    /// <summary>Takes the rows beyond the first ones back.</summary>
    public void Truncate(int count)
    {
        foreach (var course in _process.Skip(count))
            _rows[course] = 0;
        _ids.RemoveRange(count, _ids.Count - count);
        _process.RemoveRange(count, _process.Count - count);
        _targets.RemoveRange(count, _targets.Count - count);
    }
}
