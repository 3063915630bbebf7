using CourseRec.Models;
using CourseRec.Models.Baselines;

namespace CourseRec.Training.Evaluation;

/// <summary>
/// What a model has to beat, made from the training part alone: popularity (how often a course was taken) and
/// co-visitation (what was taken within three places after the user's last ten courses). Nothing decays: in
/// leave-one-out every user ends at another time.
/// </summary>
public static class TrainedBaselines
{
    /// <summary>Counts the training part.</summary>
    /// <param name="split">The data.</param>
    /// <param name="courseCount">Courses to be ranked, at least those of the data.</param>
    public static (ICourseScorer Popularity, ICourseScorer CoVisitation) Build(LeaveOneOut split, int courseCount)
    {
        var options = new BaselineOptions();
        var counters = new CourseCounters(options);
        Span<int> previous = stackalloc int[3];
        for (var user = 0; user < split.Data.Users.Count; user++)
        {
            var sequence = split.Training(user);
            for (var i = 0; i < sequence.Length; i++)
            {
                FillPrevious(sequence[..i], sequence[i], previous);
                counters.Add(new(sequence[i], Time: 0, previous[0], previous[1], previous[2]));
            }
        }
        var snapshot = new BaselineSnapshotBuilder(options).Build([counters], courseCount);
        return (snapshot.Popularity, snapshot.Blend);
    }

    private static void FillPrevious(ReadOnlySpan<int> before, int course, Span<int> previous)
    {
        var count = 0;
        for (var i = before.Length - 1; i >= 0 && count < previous.Length; i--)
            if (before[i] != course && !previous[..count].Contains(before[i]))
                previous[count++] = before[i];
        previous[count..].Fill(-1);
    }
}
