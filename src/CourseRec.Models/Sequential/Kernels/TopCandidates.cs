using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseRec.Models.Sequential.Kernels;

/// <summary>
/// Exact selection from inexact scores: keeps what can still reach the k-th best lower bound, then scores that
/// exactly. Scratch space of one thread; grows to the most candidates that it has seen, V at most.
/// </summary>
internal sealed class TopCandidates
{
    private int[] _courses = new int[1024];
    private float[] _upper = new float[1024];
    private float[] _lower = new float[64]; // the best k lower bounds, best first
    private readonly float[] _heldScores = new float[QuantizedRows.BlockRows];
    private readonly float[] _heldBounds = new float[QuantizedRows.BlockRows];
    private int _count;
    private int _lowers;
    private int _k;
    private int _limit;
    private CourseMask? _excluded;

    /// <summary>How many courses were scored exactly in the last selection.</summary>
    public int Count => _count;

    /// <summary>What a course's upper bound must reach; −∞ until k courses are known.</summary>
    public float Threshold { get; private set; }

    /// <summary>
    /// Fills <paramref name="best"/> with the best courses, best first, ties to the lower one; returns how many there
    /// are.
    /// </summary>
    /// <param name="table">The courses.</param>
    /// <param name="coarse">The same courses in few bits.</param>
    /// <param name="h">[d].</param>
    /// <param name="codes">Scratch space, [d].</param>
    /// <param name="excluded">Courses to leave out.</param>
    /// <param name="best">[k].</param>
    /// <param name="scores">[k], the exact scores of <paramref name="best"/>.</param>
    public int Select(
        OutputTable table,
        QuantizedRows coarse,
        ReadOnlySpan<float> h,
        Span<sbyte> codes,
        CourseMask? excluded,
        Span<int> best,
        Span<float> scores
    )
    {
        (_count, _lowers, _k, _limit, _excluded) = (0, 0, best.Length, coarse.Courses, excluded);
        Threshold = float.NegativeInfinity;
        if (_lower.Length < _k)
            _lower = new float[_k];
        coarse.Scan(h, codes, this);
        Compact();
        for (var i = 0; i < _count; i++)
            _upper[i] = table.Score(h, _courses[i]);
        var found = TopK.Select(_upper.AsSpan(0, _count), best);
        for (var i = 0; i < found; i++)
            (scores[i], best[i]) = (_upper[best[i]], _courses[best[i]]);
        return found;
    }

    /// <summary>
    /// Keeps the inexact scores of sixteen courses, and how far they may be from the exact ones, for
    /// <see cref="Offer"/>.
    /// </summary>
    public void Hold(Vector512<float> scores, Vector512<float> bounds)
    {
        scores.CopyTo(_heldScores);
        bounds.CopyTo(_heldBounds);
    }

    /// <summary>Takes the courses whose bit is set, counted from <paramref name="from"/>, of those held.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Offer(int from, uint mask)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            var lane = BitOperations.TrailingZeroCount(mask);
            var course = from + lane;
            if (course >= _limit)
                return;
            var (score, bound) = (_heldScores[lane], _heldBounds[lane]);
            if (score + bound < Threshold || _excluded?.Contains(course) == true)
                continue;
            if (_count == _courses.Length)
                MakeRoom();
            _courses[_count] = course;
            _upper[_count++] = score + bound;
            Raise(score - bound);
        }
    }

    private void Raise(float lower)
    {
        if (!(lower > Threshold))
            return;
        var place = _lowers < _k ? _lowers++ : _k - 1;
        for (; place > 0 && _lower[place - 1] < lower; place--)
            _lower[place] = _lower[place - 1];
        _lower[place] = lower;
        if (_lowers == _k)
            Threshold = _lower[_k - 1];
    }

    private void MakeRoom()
    {
        Compact();
        if (_count < _courses.Length / 2)
            return;
        Array.Resize(ref _courses, _courses.Length * 2);
        Array.Resize(ref _upper, _upper.Length * 2);
    }

    private void Compact()
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
            if (!(_upper[i] < Threshold))
                (_courses[kept], _upper[kept++]) = (_courses[i], _upper[i]);
        _count = kept;
    }
}
