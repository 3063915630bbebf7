using CourseRec.Models;
using CourseRec.Training.Data;

namespace CourseRec.Training.Tests.Evaluation;

internal static class Samples
{
    /// <summary>Users of 1 to 30 courses, popular ones more often; some courses come again.</summary>
    public static InteractionDataset Random(int seed, int users = 700, int courses = 120)
    {
        var random = new Random(seed);
        return InteractionDataset.Of(
            [.. Enumerable.Range(0, users).Select(u => $"u{u}")],
            [.. Enumerable.Range(0, courses).Select(c => $"c{c}")],
            [
                .. Enumerable
                    .Range(0, users)
                    .Select(_ =>
                        Enumerable
                            .Range(0, random.Next(1, 31))
                            .Select(_ => Math.Min(random.Next(courses), random.Next(courses)))
                            .ToArray()
                    ),
            ]
        );
    }
}

/// <summary>Few different scores, so that nearly everything is tied; depends on the history.</summary>
internal sealed class TiedScorer(int courses, int levels) : ICourseScorer
{
    public string Name => "tied";

    public string Version => "1";

    public int CourseCount => courses;

    public void Score(ReadOnlySpan<int> history, Span<float> scores)
    {
        for (var course = 0; course < courses; course++)
            scores[course] = (course * 7 + history.Length + history[^1]) % levels;
    }

    public int Explain(ReadOnlySpan<int> history, int course) => -1;
}
