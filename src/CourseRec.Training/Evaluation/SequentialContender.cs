using System.Collections.Concurrent;
using CourseRec.Models;
using CourseRec.Models.Sequential;

namespace CourseRec.Training.Evaluation;

/// <summary>
/// A sequential model among the contenders: courses are those of the data set, then those that the model alone knows.
/// Courses of the data that the model does not know score −∞ and are left out of a history.
/// </summary>
public sealed class SequentialContender : ICourseScorer
{
    private readonly SequentialModel _model;
    private readonly int[] _ofCourse; // the model's course, or −1, by course of the data set and beyond
    private readonly ConcurrentBag<Scratch> _idle = [];

    /// <summary>Matches the model's vocabulary with the data's by id.</summary>
    /// <param name="model">The model.</param>
    /// <param name="courses">The ids of the data set's courses.</param>
    public SequentialContender(SequentialModel model, IReadOnlyList<string> courses)
    {
        _model = model;
        var own = Enumerable.Range(0, model.CourseCount).ToDictionary(c => model.CourseIds[c], StringComparer.Ordinal);
        var ofData = courses.Select(id => own.Remove(id, out var course) ? course : -1).ToList();
        KnownCourses = ofData.Count(course => course >= 0);
        _ofCourse = [.. ofData, .. own.Values.Order()];
    }

    /// <inheritdoc/>
    public string Name => _model.Config.Objective == SequentialObjective.Cloze ? "cloze" : "next-item";

    /// <inheritdoc/>
    public string Version => _model.Version;

    /// <inheritdoc/>
    public int CourseCount => _ofCourse.Length;

    /// <summary>How many of the data's courses the model knows.</summary>
    public int KnownCourses { get; }

    /// <inheritdoc/>
    public void Score(ReadOnlySpan<int> history, Span<float> scores)
    {
        var scratch = _idle.TryTake(out var idle) ? idle : new Scratch(_model.CourseCount);
        Encode(scratch, history);
        scratch.Scorer.ScoreAll(0, scratch.Scores);
        for (var course = 0; course < _ofCourse.Length; course++)
            scores[course] = _ofCourse[course] < 0 ? float.NegativeInfinity : scratch.Scores[_ofCourse[course]];
        _idle.Add(scratch);
    }

    /// <summary>
    /// The course without which the score falls most, or −1 when it falls without none. One forward pass a course.
    /// </summary>
    public int Explain(ReadOnlySpan<int> history, int course)
    {
        if ((uint)course >= (uint)CourseCount || _ofCourse[course] < 0)
            return -1;
        var scratch = _idle.TryTake(out var idle) ? idle : new Scratch(_model.CourseCount);
        Encode(scratch, history);
        var (best, least) = (-1, scratch.Scorer.Score(0, _ofCourse[course]));
        foreach (var one in history.ToArray().Distinct())
        {
            Encode(scratch, [.. history.ToArray().Where(other => other != one)]);
            if (scratch.Scorer.Score(0, _ofCourse[course]) is var without && without < least)
                (best, least) = (one, without);
        }
        _idle.Add(scratch);
        return best;
    }

    private void Encode(Scratch scratch, ReadOnlySpan<int> history)
    {
        if (scratch.History.Length < history.Length)
            scratch.History = new int[history.Length * 2];
        for (var i = 0; i < history.Length; i++)
            scratch.History[i] = (uint)history[i] < (uint)CourseCount ? _ofCourse[history[i]] : -1;
        scratch.Scorer.Encode(_model, scratch.History.AsSpan(0, history.Length));
    }

    private sealed class Scratch(int courses)
    {
        public SequentialScorer Scorer { get; } = new();

        public float[] Scores { get; } = new float[courses];

        public int[] History { get; set; } = [];
    }
}
