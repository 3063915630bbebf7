namespace CourseRec.Models.Baselines;

/// <summary>Scores a course by its share of the time-decayed popularity; the same for every user.</summary>
internal sealed class PopularityScorer(string version, float[] shares) : ICourseScorer
{
    public string Name => "popularity";

    public string Version => version;

    public int CourseCount => shares.Length;

    public void Score(ReadOnlySpan<int> history, Span<float> scores) => shares.CopyTo(scores);

    public int Explain(ReadOnlySpan<int> history, int course) => -1;
}
