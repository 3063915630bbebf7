namespace CourseRec.Benchmarks;

/// <summary>Figures of a sample.</summary>
internal static class Percentiles
{
    /// <summary>
    /// The value below which a share of the sorted sample lies (nearest rank); NaN of an empty sample.
    /// </summary>
    public static double Of(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0
            ? double.NaN
            : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];

    /// <summary>The middle one.</summary>
    public static double Median(IEnumerable<double> values) => Of([.. values.Order()], 0.5);
}
