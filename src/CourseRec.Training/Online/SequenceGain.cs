using System.Numerics;
using System.Runtime.InteropServices;
using CourseRec.Models.Sequential;

namespace CourseRec.Training.Online;

/// <summary>
/// 1 / log2(1 + rank) of held-out targets, without a cut-off: what NDCG sums up, and what serving is about. The
/// likelihood of the targets would be smoother, but it falls when a model that ranks better becomes too sure of
/// itself: measured on MOOCCubeX, it refused models whose NDCG@10 rose.
/// </summary>
internal sealed class SequenceGain(Vocabulary vocabulary)
{
    private const int AtOnce = 32;

    private readonly SequentialScorer _scorer = new();
    private readonly List<int> _history = [];
    private readonly int[] _lengths = new int[AtOnce];
    private float[] _scores = [];

    /// <summary>Each example's gain; NaN where the target is not among the courses compared.</summary>
    /// <param name="model">A model whose course c is the vocabulary's row c + 1.</param>
    /// <param name="examples">[n]</param>
    /// <param name="common">How many of the model's first courses the first result is over.</param>
    /// <param name="overCommon">[n], overwritten.</param>
    /// <param name="overAll">[n], overwritten: over all courses of the model.</param>
    public void Of(
        SequentialModel model,
        ReadOnlySpan<HeldOutExample> examples,
        int common,
        Span<double> overCommon,
        Span<double> overAll
    )
    {
        if (_scores.Length < model.CourseCount)
            _scores = new float[model.CourseCount];
        var scores = _scores.AsSpan(0, model.CourseCount);
        for (var at = 0; at < examples.Length; at += AtOnce)
        {
            var part = examples.Slice(at, Math.Min(AtOnce, examples.Length - at));
            Encode(model, part);
            for (var i = 0; i < part.Length; i++)
            {
                _scorer.ScoreAll(i, scores);
                var target = vocabulary.Row(part[i].Courses[^1]) - 1;
                (overCommon[at + i], overAll[at + i]) = Gains(scores, target, common);
            }
        }
    }

    private void Encode(SequentialModel model, ReadOnlySpan<HeldOutExample> examples)
    {
        _history.Clear();
        for (var i = 0; i < examples.Length; i++)
        {
            foreach (var course in examples[i].Courses.AsSpan(..^1))
                _history.Add(vocabulary.Row(course) - 1);
            _lengths[i] = examples[i].Courses.Length - 1;
        }
        _scorer.Encode(model, CollectionsMarshal.AsSpan(_history), _lengths.AsSpan(0, examples.Length));
    }

    private static (double Common, double All) Gains(ReadOnlySpan<float> scores, int target, int common)
    {
        if ((uint)target >= (uint)scores.Length)
            return (double.NaN, double.NaN);
        var first = NotBelow(scores[..common], scores[target]);
        var rank = first + NotBelow(scores[common..], scores[target]);
        return (target < common ? Gain(first) : double.NaN, Gain(rank));
    }

    private static double Gain(int rank) => 1 / Math.Log2(1 + Math.Max(1, rank));

    /// <summary>The target's rank if it is among the scores; ties and what is no number count against it.</summary>
    private static int NotBelow(ReadOnlySpan<float> scores, float target)
    {
        var (below, counts, i) = (0, Vector<int>.Zero, 0);
        for (; i <= scores.Length - Vector<float>.Count; i += Vector<float>.Count)
            counts -= Vector.LessThan(new Vector<float>(scores[i..]), new Vector<float>(target));
        for (; i < scores.Length; i++)
            below += scores[i] < target ? 1 : 0;
        return scores.Length - below - Vector.Sum(counts);
    }
}
