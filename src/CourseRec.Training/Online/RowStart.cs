using CourseRec.Models.Sequential;

namespace CourseRec.Training.Online;

/// <summary>
/// Where the row of a new course begins: at the mean of the rows of the courses around it in its first examples,
/// rescaled to the median norm, so that it is ranked near them at once; its bias is that of a course seen as rarely.
/// </summary>
internal sealed class RowStart(Vocabulary vocabulary, Random random)
{
    private const int Around = 3;
    private const float Spread = 0.02f; // what a model from nothing begins with
    private const int FewestKnown = 16;

    private SequentialParameters? _known;
    private float _medianNorm;
    private double _biasAtZero;

    /// <summary>The rows and biases at hand, some of the model's first; null: there are none yet.</summary>
    public void Know(SequentialParameters? parameters)
    {
        _known = parameters is { CourseIds.Count: >= FewestKnown } ? parameters : null;
        if (_known is null)
            return;
        var (d, count) = (_known.Config.Dimension, _known.CourseIds.Count);
        var item = _known["item"];
        var norms = new float[count];
        for (var row = 1; row <= count; row++)
            norms[row - 1] = Norm(item.Slice(row * d, d));
        Array.Sort(norms);
        _medianNorm = norms[count / 2];
        var bias = _known["outputBias"];
        var total = 0.0;
        for (var row = 1; row <= Math.Min(count, vocabulary.Count); row++)
            total += bias[row] - Math.Log(1 + vocabulary.Targets(row));
        _biasAtZero = total / count;
    }

    /// <summary>Rows [n, d] and biases [n] of the vocabulary's courses from a row on.</summary>
    /// <param name="first">The first new row.</param>
    /// <param name="dimension">d.</param>
    /// <param name="sequences">Where the new courses were met, process indices.</param>
    public (float[] Rows, float[] Biases) From(int first, int dimension, IEnumerable<int[]> sequences)
    {
        var count = vocabulary.Count - first + 1;
        var (rows, seen) = (new float[count * dimension], new int[count]);
        foreach (var courses in sequences)
            for (var i = 0; i < courses.Length; i++)
                if (vocabulary.Row(courses[i]) - first is var n and >= 0)
                {
                    seen[n]++;
                    AddAround(courses, i, rows.AsSpan(n * dimension, dimension));
                }
        for (var n = 0; n < count; n++)
            Finish(rows.AsSpan(n * dimension, dimension));
        return (rows, Array.ConvertAll(seen, n => _known is null ? 0f : (float)(_biasAtZero + Math.Log(1 + n))));
    }

    private void AddAround(int[] courses, int at, Span<float> sum)
    {
        if (_known is null)
            return;
        var item = _known["item"];
        for (var i = Math.Max(0, at - Around); i <= Math.Min(courses.Length - 1, at + Around); i++)
            if (vocabulary.Row(courses[i]) is var row && row > 0 && row <= _known.CourseIds.Count)
                for (var j = 0; j < sum.Length; j++)
                    sum[j] += item[row * sum.Length + j];
    }

    private void Finish(Span<float> row)
    {
        var norm = Norm(row);
        var scale = norm > 0 ? _medianNorm / norm : 0;
        for (var j = 0; j < row.Length; j++)
            row[j] = row[j] * scale + Spread * (float)Gaussian();
    }

    private double Gaussian() =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static float Norm(ReadOnlySpan<float> row)
    {
        var sum = 0f;
        foreach (var x in row)
            sum += x * x;
        return MathF.Sqrt(sum);
    }
}
