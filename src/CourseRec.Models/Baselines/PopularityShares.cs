namespace CourseRec.Models.Baselines;

/// <summary>Time-decayed popularity over all partitions, immutable.</summary>
/// <param name="Shares">[courses], each course's share of all; they sum to 1, or are 0 when nothing was
/// counted.</param>
/// <param name="Mass">How much was counted, an observation at the newest one's time being 1.</param>
internal sealed record PopularityShares(float[] Shares, double Mass);
