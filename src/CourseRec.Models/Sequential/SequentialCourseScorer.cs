using CourseRec.Models.Catalogue;

namespace CourseRec.Models.Sequential;

/// <summary>
/// A sequential model as the serving path asks for it: over the process's course indices. A course that the model does
/// not know scores one below the lowest that it knows: last of all by itself, yet near enough for another layer's
/// score to lift it.
/// </summary>
public sealed class SequentialCourseScorer : ICourseScorer
{
    private const int ExplainedCourses = 20;

    [ThreadStatic]
    private static SequentialScorer? _scorer;

    [ThreadStatic]
    private static HistoryAttribution? _attribution;

    private readonly int[] _toModel;
    private readonly int[] _toProcess;

    /// <summary>Joins a model to the process's dictionary; its courses are added there.</summary>
    /// <param name="name">The contender's name, such as <c>sequential</c>.</param>
    /// <param name="model">The model.</param>
    /// <param name="courses">The process's dictionary; courses that it learns later are not scored by this
    /// snapshot.</param>
    public SequentialCourseScorer(string name, SequentialModel model, CourseIndex courses)
    {
        (Name, Model) = (name, model);
        _toProcess = [.. model.CourseIds.Select(id => courses.GetOrAdd(id))];
        _toModel = new int[courses.Count];
        Array.Fill(_toModel, -1);
        for (var course = 0; course < _toProcess.Length; course++)
            _toModel[_toProcess[course]] = course;
    }

    /// <summary>The model.</summary>
    public SequentialModel Model { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Version => Model.Version;

    /// <inheritdoc/>
    public int CourseCount => _toModel.Length;

    /// <summary>Whether the model itself knows a course of the process.</summary>
    public bool Knows(int course) => ModelCourse(course) >= 0;

    /// <summary>The model's number of a course of the process, or −1.</summary>
    public int ModelCourse(int course) => (uint)course < (uint)_toModel.Length ? _toModel[course] : -1;

    /// <summary>The process's index of a course of the model.</summary>
    public int ProcessCourse(int modelCourse) => _toProcess[modelCourse];

    /// <inheritdoc/>
    public void Score(ReadOnlySpan<int> history, Span<float> scores)
    {
        var scorer = _scorer ??= new();
        Span<int> seen = stackalloc int[Math.Min(history.Length, Model.Config.MaxHistory)];
        scorer.Encode(Model, Known(history, seen));
        scorer.ScatterAll(_toProcess, scores[..CourseCount]);
        if (_toProcess.Length == CourseCount)
            return;
        var lowest = float.PositiveInfinity;
        foreach (var course in _toProcess)
            lowest = MathF.Min(lowest, scores[course]);
        var unknown = MathF.Min(lowest - 1, MathF.BitDecrement(lowest));
        for (var course = 0; course < _toModel.Length; course++)
            if (_toModel[course] < 0)
                scores[course] = unknown;
    }

    /// <summary>
    /// The course whose absence from the last 20 lowers this one's score most, or −1 if no absence lowers it or either
    /// is unknown to the model.
    /// </summary>
    public int Explain(ReadOnlySpan<int> history, int course)
    {
        var target = ModelCourse(course);
        if (target < 0)
            return -1;
        Span<int> seen = stackalloc int[Math.Min(ExplainedCourses, Model.Config.MaxHistory)];
        var attribution = _attribution ??= new();
        var reason = attribution.Explain(Model, Known(history, seen), target);
        return reason < 0 ? -1 : _toProcess[reason];
    }

    /// <summary>The last courses that the model knows, in its own numbers, oldest first.</summary>
    private ReadOnlySpan<int> Known(ReadOnlySpan<int> history, Span<int> seen)
    {
        var first = seen.Length;
        for (var i = history.Length - 1; i >= 0 && first > 0; i--)
            if (ModelCourse(history[i]) is var known and >= 0)
                seen[--first] = known;
        return seen[first..];
    }
}
