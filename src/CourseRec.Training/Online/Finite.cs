using System.Numerics;

namespace CourseRec.Training.Online;

/// <summary>Whether numbers are numbers.</summary>
internal static class Finite
{
    /// <summary>Whether no value is infinite or NaN.</summary>
    public static bool All(ReadOnlySpan<float> values)
    {
        var (zeros, i) = (Vector<float>.Zero, 0);
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            zeros += new Vector<float>(values[i..]) * 0;
        for (; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                return false;
        return zeros == Vector<float>.Zero; // 0 times what is not finite is NaN
    }
}
