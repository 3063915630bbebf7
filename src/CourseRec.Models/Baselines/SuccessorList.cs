namespace CourseRec.Models.Baselines;

/// <summary>One course's successors over all partitions, immutable.</summary>
/// <param name="Courses">[S], in no order.</param>
/// <param name="Weights">[S], the share of each among all that followed, damped where little is known.</param>
internal sealed record SuccessorList(int[] Courses, float[] Weights)
{
    /// <summary>A course's weight; 0 when it is not among them.</summary>
    public float WeightOf(int course)
    {
        var place = Array.IndexOf(Courses, course);
        return place < 0 ? 0 : Weights[place];
    }
}
