using System.Numerics;

namespace CourseRec.Models;

/// <summary>Exact selection of the best k of a score array.</summary>
public static class TopK
{
    /// <summary>
    /// Fills <paramref name="best"/> with the indices of the highest scores, best first; ties go to the lower index.
    /// Scores of −∞ are never selected, nor is NaN. Returns how many were found. One vectorised pass; made for k ≪ n.
    /// </summary>
    public static int Select(ReadOnlySpan<float> scores, Span<int> best)
    {
        if (best.IsEmpty)
            return 0;
        var found = 0;
        var floor = float.NegativeInfinity;
        var i = 0;
        for (; i <= scores.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var block = scores.Slice(i, Vector<float>.Count);
            if (Vector.GreaterThanAny(new Vector<float>(block), new Vector<float>(floor)))
                Offer(scores, i, i + block.Length, best, ref found, ref floor);
        }
        Offer(scores, i, scores.Length, best, ref found, ref floor);
        return found;
    }

    private static void Offer(
        ReadOnlySpan<float> scores,
        int from,
        int to,
        Span<int> best,
        ref int found,
        ref float floor
    )
    {
        for (var i = from; i < to; i++)
        {
            if (!(scores[i] > floor))
                continue;
            var place = found < best.Length ? found++ : found - 1;
            for (; place > 0 && scores[best[place - 1]] < scores[i]; place--)
                best[place] = best[place - 1];
            best[place] = i;
            if (found == best.Length)
                floor = scores[best[^1]];
        }
    }
}
