using CourseRec.Models;
using CourseRec.Models.Catalogue;

namespace CourseRec.Benchmarks.Online.Analysis;

/// <summary>A contender of the live path over a data set's courses. What it has never seen scores −∞.</summary>
internal sealed class DatasetScorer : ICourseScorer
{
    [ThreadStatic]
    private static float[]? _buffer;

    private readonly ICourseScorer _scorer;
    private readonly int[] _toProcess;

    /// <summary>Matches courses by id.</summary>
    /// <param name="scorer">The contender, over the process's courses.</param>
    /// <param name="process">The process's dictionary.</param>
    /// <param name="courses">The ids of the data set's courses.</param>
    public DatasetScorer(ICourseScorer scorer, CourseIndex process, IReadOnlyList<string> courses)
    {
        _scorer = scorer;
        _toProcess = [.. courses.Select(id => process.Find(id)).Select(at => at < scorer.CourseCount ? at : -1)];
    }

    /// <inheritdoc/>
    public string Name => _scorer.Name;

    /// <inheritdoc/>
    public string Version => _scorer.Version;

    /// <inheritdoc/>
    public int CourseCount => _toProcess.Length;

    /// <inheritdoc/>
    public void Score(ReadOnlySpan<int> history, Span<float> scores)
    {
        if (_buffer is not { } buffer || buffer.Length < _scorer.CourseCount)
            _buffer = buffer = new float[_scorer.CourseCount];
        _scorer.Score(Known(history), buffer.AsSpan(0, _scorer.CourseCount));
        for (var course = 0; course < _toProcess.Length; course++)
            scores[course] = _toProcess[course] < 0 ? float.NegativeInfinity : buffer[_toProcess[course]];
    }

    /// <inheritdoc/>
    public int Explain(ReadOnlySpan<int> history, int course) =>
        _toProcess[course] < 0 ? -1 : Array.IndexOf(_toProcess, _scorer.Explain(Known(history), _toProcess[course]));

    private int[] Known(ReadOnlySpan<int> history)
    {
        var known = new List<int>(history.Length);
        foreach (var course in history)
            if (_toProcess[course] >= 0)
                known.Add(_toProcess[course]);
        return [.. known];
    }
}
