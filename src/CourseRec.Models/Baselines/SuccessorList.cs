namespace CourseRec.Models.Baselines;

/// <summary>One course's successors over all partitions, immutable.</summary>
/// <param name="Courses">[S], in no order.</param>
/// <param name="Weights">[S], the share of each among all that followed, damped where little is known.</param>
internal sealed record SuccessorList(int[] Courses, float[] Weights)
{
    /// <summary>What counts as no evidence when a weight's logarithm is taken.</summary>
    private const float Nothing = 1e-3f;

    private float[]? _evidence;

    /// <summary>[S], log(1 + weight / 0.001): from 0 for none to 7 for a certainty.</summary>
    public float[] Evidence => _evidence ??= Array.ConvertAll(Weights, EvidenceOf);

    /// <summary>log(1 + weight / 0.001).</summary>
    public static float EvidenceOf(float weight) => MathF.Log(1 + weight / Nothing);

    /// <summary>A course's weight; 0 when it is not among them.</summary>
    public float WeightOf(int course)
    {
        var place = Array.IndexOf(Courses, course);
        return place < 0 ? 0 : Weights[place];
    }
}
