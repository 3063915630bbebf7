using System.Numerics;

namespace CourseRec.Models.Baselines;

/// <summary>
/// Sequential rules (Kamehkhosh, Jannach and Ludewig, 2017) from the last courses, as a mixture of transitions
/// (Raftery, 1985):
/// <code>score(c) = lift(c) · Σ_i P(c | h_i) / i + popularity(c)</code>
/// h_i is the i-th last distinct course of the history and P(c | h) the share of c among what followed h within three
/// places, nearer ones counting more, damped where h was seen rarely (Dirichlet smoothing, Zhai and Lafferty, 2004).
/// lift(c) = (popularity(c) + 0.001)^−0.3 holds back what everybody takes anyway, as in the popularity-stratified
/// target of Steck (2011).
/// </summary>
internal sealed class BlendScorer : ICourseScorer
{
    /// <summary>How many of the last courses count.</summary>
    public const int Depth = 10;

    private const float LiftExponent = -0.3f;
    private const float LiftFloor = 0.001f;

    private readonly float[] _popularity;
    private readonly float[] _lift;
    private readonly SuccessorList?[] _successors;

    public BlendScorer(string version, float[] popularity, SuccessorList?[] successors)
    {
        Version = version;
        _popularity = popularity;
        _successors = successors;
        _lift = Array.ConvertAll(popularity, share => MathF.Pow(share + LiftFloor, LiftExponent));
    }

    /// <summary>What holds back what everybody takes, [CourseCount].</summary>
    public ReadOnlySpan<float> Lift => _lift;

    public string Name => "blend";

    public string Version { get; }

    public int CourseCount => _popularity.Length;

    public void Score(ReadOnlySpan<int> history, Span<float> scores)
    {
        scores = scores[..CourseCount];
        scores.Clear();
        Span<int> last = stackalloc int[Depth];
        var count = LastDistinct(history, last);
        for (var i = 0; i < count; i++)
            if (SuccessorsOf(last[i]) is { } list)
                AddTo(scores, list, 1f / (i + 1));
        LiftAndSmooth(scores);
    }

    public int Explain(ReadOnlySpan<int> history, int course)
    {
        Span<int> last = stackalloc int[Depth];
        var count = LastDistinct(history, last);
        var (best, most) = (-1, 0f);
        for (var i = 0; i < count; i++)
            if (SuccessorsOf(last[i])?.WeightOf(course) / (i + 1) is { } weight && weight > most)
                (best, most) = (last[i], weight);
        return best;
    }

    private SuccessorList? SuccessorsOf(int course) =>
        (uint)course < (uint)_successors.Length ? _successors[course] : null;

    /// <summary>The last distinct known courses, newest first; returns how many.</summary>
    public int LastDistinct(ReadOnlySpan<int> history, Span<int> last)
    {
        var count = 0;
        for (var i = history.Length - 1; i >= 0 && count < last.Length; i--)
            if ((uint)history[i] < (uint)CourseCount && !last[..count].Contains(history[i]))
                last[count++] = history[i];
        return count;
    }

    private static void AddTo(Span<float> scores, SuccessorList list, float weight)
    {
        var (courses, weights) = (list.Courses, list.Weights);
        for (var i = 0; i < courses.Length && i < weights.Length; i++)
            if ((uint)courses[i] < (uint)scores.Length)
                scores[courses[i]] += weight * weights[i];
    }

    private void LiftAndSmooth(Span<float> scores)
    {
        var i = 0;
        for (; i <= scores.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var score =
                new Vector<float>(scores[i..]) * new Vector<float>(_lift, i) + new Vector<float>(_popularity, i);
            score.CopyTo(scores[i..]);
        }
        for (; i < scores.Length; i++)
            scores[i] = scores[i] * _lift[i] + _popularity[i];
    }
}
