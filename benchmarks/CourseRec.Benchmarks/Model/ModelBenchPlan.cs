namespace CourseRec.Benchmarks.Model;

/// <summary>How much <c>bench model</c> measures.</summary>
/// <param name="Courses">V.</param>
/// <param name="Rounds">Measured rounds of each part; one more warms up.</param>
/// <param name="Serve">How long each contender ranks in a round.</param>
/// <param name="SampledSteps">Training steps with shared negatives in a round.</param>
/// <param name="FullSteps">Training steps with the full softmax in a round, ours and PyTorch's.</param>
/// <param name="OnlineSteps">Online steps of ours in a round.</param>
/// <param name="Threads">Thread counts that training is measured with.</param>
internal sealed record ModelBenchPlan(
    int Courses,
    int Rounds,
    TimeSpan Serve,
    int SampledSteps,
    int FullSteps,
    int OnlineSteps,
    IReadOnlyList<int> Threads
)
{
    /// <summary>What the published figures come from; under three minutes on two cores.</summary>
    public static ModelBenchPlan Full { get; } =
        new(20_000, 7, TimeSpan.FromSeconds(0.4), 6, 1, 100, Environment.ProcessorCount > 1 ? [1, 2] : [1]);

    /// <summary>Everything once, with a tenth of the courses: shows that it works, its figures mean little.</summary>
    public static ModelBenchPlan Quick { get; } = new(2_000, 1, TimeSpan.FromSeconds(0.02), 1, 1, 5, [1]);
}
