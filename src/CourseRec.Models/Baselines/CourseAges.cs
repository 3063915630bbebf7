namespace CourseRec.Models.Baselines;

/// <summary>When each course was first seen, and when anything was last; Unix seconds of event time.</summary>
internal sealed class CourseAges
{
    /// <summary>The first time of a course that was never seen.</summary>
    public const long Never = long.MaxValue;

    private long[] _first = [];

    /// <summary>The newest time, <see cref="long.MinValue"/> before the first.</summary>
    public long Newest { get; private set; } = long.MinValue;

    /// <summary>By course; courses beyond it were never seen.</summary>
    public ReadOnlySpan<long> First => _first;

    public void Add(int course, long time)
    {
        AddFirst(course, time);
        AddNewest(time);
    }

    public void AddNewest(long time) => Newest = Math.Max(Newest, time);

    public void AddFirst(int course, long time)
    {
        if (course >= _first.Length)
            Grow(Math.Max(course + 1, _first.Length * 2));
        ref var first = ref _first[course];
        if (time < first)
            first = time;
    }

    /// <summary>The earlier first time and the later newest one.</summary>
    public void Merge(CourseAges other)
    {
        AddNewest(other.Newest);
        if (other._first.Length > _first.Length)
            Grow(other._first.Length);
        var theirs = other._first;
        var mine = _first.AsSpan(0, theirs.Length);
        for (var course = 0; course < theirs.Length; course++)
            mine[course] = Math.Min(mine[course], theirs[course]);
    }

    private void Grow(int length)
    {
        var old = _first.Length;
        Array.Resize(ref _first, length);
        _first.AsSpan(old).Fill(Never);
    }
}
