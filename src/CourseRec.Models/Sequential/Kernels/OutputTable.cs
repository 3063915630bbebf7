namespace CourseRec.Models.Sequential.Kernels;

/// <summary>
/// The item table as the last layer uses it: score(c) = h · item[c + 1] + outputBias[c + 1], for one course, for all,
/// or for the best k. A course's score is the same bits whichever way it is asked for.
/// </summary>
internal sealed class OutputTable
{
    private const int RowsAtOnce = 64;

    private readonly AlignedArray<float> _items; // [V + 2, d]
    private readonly float[] _bias; // [V]
    private readonly int _d;

    /// <param name="items">[V + 2, d].</param>
    /// <param name="bias">[V + 2].</param>
    /// <param name="d">d.</param>
    /// <param name="level">The vector width; narrow ones have no 8-bit rows and score all.</param>
    public OutputTable(ReadOnlySpan<float> items, ReadOnlySpan<float> bias, int d, SimdLevel level)
    {
        _d = d;
        _items = new(items.Length);
        items.CopyTo(_items.Span);
        _bias = bias[1..^1].ToArray();
        Coarse = level == SimdLevel.Bits128 ? null : new(items[d..^d], _bias, d, level);
    }

    /// <summary>V.</summary>
    public int Courses => _bias.Length;

    /// <summary>The courses' rows in 8 bits, where the processor multiplies those fast.</summary>
    public QuantizedRows? Coarse { get; }

    /// <summary>The embedding of a token: 1 … V are courses, V + 1 is the mask.</summary>
    public ReadOnlySpan<float> Row(int token) => _items.Span.Slice(token * _d, _d);

    /// <summary>One course's score.</summary>
    public float Score(ReadOnlySpan<float> h, int course) => Elementwise.Dot(h, Row(course + 1)) + _bias[course];

    /// <summary>
    /// Every course's score for each of B outputs; a few rows at a time, so that they are read from memory once.
    /// </summary>
    /// <param name="h">[B, d].</param>
    /// <param name="scores">[B, V].</param>
    public void ScoreAll(ReadOnlySpan<float> h, Span<float> scores)
    {
        var batch = h.Length / _d;
        for (var from = 0; from < Courses; from += RowsAtOnce)
        {
            var to = Math.Min(from + RowsAtOnce, Courses);
            for (var s = 0; s < batch; s++)
            {
                var query = h.Slice(s * _d, _d);
                var row = scores.Slice(s * Courses, Courses);
                for (var course = from; course < to; course++)
                    row[course] = Score(query, course);
            }
        }
    }
}
