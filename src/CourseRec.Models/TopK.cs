namespace CourseRec.Models;

/// <summary>Exact selection of the best k of a score array.</summary>
public static class TopK
{
    /// <summary>
    /// Fills <paramref name="best"/> with the indices of the highest scores, best first; ties go to the lower index. Scores of
    /// −∞ are never selected. Returns how many were found.
    /// </summary>
    public static int Select(ReadOnlySpan<float> scores, Span<int> best) => throw new NotImplementedException();
}
