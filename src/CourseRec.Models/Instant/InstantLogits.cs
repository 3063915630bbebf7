using System.Numerics;

namespace CourseRec.Models.Instant;

/// <summary>Loops over a score for every course.</summary>
internal static class InstantLogits
{
    /// <summary>to += by · from.</summary>
    public static void Add(Span<float> to, ReadOnlySpan<float> from, float by)
    {
        if (by == 0)
            return;
        var factor = new Vector<float>(by);
        var i = 0;
        for (; i <= from.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(to[i..]) + factor * new Vector<float>(from[i..])).CopyTo(to[i..]);
        for (; i < from.Length; i++)
            to[i] += by * from[i];
    }

    /// <summary>to = by · to + from.</summary>
    public static void ScaleAdd(Span<float> to, float by, ReadOnlySpan<float> from)
    {
        var factor = new Vector<float>(by);
        var i = 0;
        for (; i <= from.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(to[i..]) * factor + new Vector<float>(from[i..])).CopyTo(to[i..]);
        for (; i < from.Length; i++)
            to[i] = to[i] * by + from[i];
    }

    /// <summary>Σ a · b.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = Vector<float>.Zero;
        var i = 0;
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
            sum += new Vector<float>(a[i..]) * new Vector<float>(b[i..]);
        var rest = Vector.Sum(sum);
        for (; i < a.Length; i++)
            rest += a[i] * b[i];
        return rest;
    }

    /// <summary>Σ a.</summary>
    public static float Sum(ReadOnlySpan<float> a)
    {
        var sum = Vector<float>.Zero;
        var i = 0;
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
            sum += new Vector<float>(a[i..]);
        var rest = Vector.Sum(sum);
        for (; i < a.Length; i++)
            rest += a[i];
        return rest;
    }

    /// <summary>
    /// The softmax, in place; false, and rubbish, when some score is not finite or nothing is left. −∞ means left out.
    /// </summary>
    public static bool Softmax(Span<float> scores)
    {
        var highest = Max(scores);
        if (!float.IsFinite(highest))
            return false;
        var (most, sum) = (new Vector<float>(highest), Vector<float>.Zero);
        var i = 0;
        for (; i <= scores.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var e = Vector.Exp(new Vector<float>(scores[i..]) - most);
            e.CopyTo(scores[i..]);
            sum += e;
        }
        var total = Vector.Sum(sum);
        for (; i < scores.Length; i++)
            total += scores[i] = MathF.Exp(scores[i] - highest);
        Scale(scores, 1 / total);
        return float.IsFinite(total);
    }

    /// <summary>The highest; NaN when any is.</summary>
    private static float Max(ReadOnlySpan<float> values)
    {
        var most = new Vector<float>(float.NegativeInfinity);
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            most = Vector.Max(most, new Vector<float>(values[i..]));
        var highest = float.NegativeInfinity;
        for (var lane = 0; lane < Vector<float>.Count; lane++)
            highest = MathF.Max(highest, most[lane]);
        for (; i < values.Length; i++)
            highest = MathF.Max(highest, values[i]);
        return highest;
    }

    /// <summary>values ← by · values.</summary>
    public static void Scale(Span<float> values, float by)
    {
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(values[i..]) * by).CopyTo(values[i..]);
        for (; i < values.Length; i++)
            values[i] *= by;
    }
}
