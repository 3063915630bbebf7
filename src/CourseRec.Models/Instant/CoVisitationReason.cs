using CourseRec.Models.Baselines;

namespace CourseRec.Models.Instant;

/// <summary>Which course of a history lifts another through what followed it.</summary>
internal static class CoVisitationReason
{
    /// <summary>
    /// The course whose part of the co-visitation features is largest, or −1 when no part is positive.
    /// </summary>
    public static int Of(BaselineSnapshot snapshot, ReadOnlySpan<int> history, int course, ReadOnlySpan<float> weights)
    {
        if ((uint)course >= (uint)snapshot.CourseCount)
            return -1;
        var blend = snapshot.BlendScorer;
        Span<int> last = stackalloc int[BlendScorer.Depth];
        last = last[..blend.LastDistinct(history, last)];
        var mixture = 0f;
        for (var i = 0; i < last.Length; i++)
            mixture += WeightOf(snapshot, last[i], course) / (i + 1);
        if (mixture == 0)
            return -1;
        var popularity = snapshot.Weekly.Shares[course] + InstantFeatures.Nothing;
        var gain = weights[(int)InstantFeature.Blend] * MathF.Log(1 + mixture * blend.Lift[course] / popularity);
        var (reason, most) = (-1, 0f);
        for (var i = 0; i < last.Length; i++)
        {
            var weight = WeightOf(snapshot, last[i], course);
            var own = weights[Math.Min((int)InstantFeature.Last + i, (int)InstantFeature.Earlier)];
            var part = gain * weight / (i + 1) / mixture + own * SuccessorList.EvidenceOf(weight);
            if (part > most)
                (reason, most) = (last[i], part);
        }
        return reason;
    }

    private static float WeightOf(BaselineSnapshot snapshot, int from, int course) =>
        snapshot.ListOf(from)?.WeightOf(course) ?? 0;
}
