namespace CourseRec.Models;

/// <summary>
/// A recommender model as the serving path sees it: immutable, safe for concurrent use, swapped whole. Courses are the
/// process's dense indices (see <see cref="Catalogue.CourseIndex"/>); higher scores are better and comparable within
/// one call only.
/// </summary>
public interface ICourseScorer
{
    /// <summary>The contender's short name in metrics and on the page: <c>blend</c>, <c>popularity</c>.</summary>
    string Name { get; }

    /// <summary>Names this very snapshot; sent with every recommendation.</summary>
    string Version { get; }

    /// <summary>The snapshot knows courses 0 … CourseCount − 1.</summary>
    int CourseCount { get; }

    /// <summary>Scores every course for one user.</summary>
    /// <param name="history">Course indices, oldest first, [0 … L). Indices the snapshot does not know are
    /// ignored.</param>
    /// <param name="scores">[CourseCount], overwritten whole.</param>
    void Score(ReadOnlySpan<int> history, Span<float> scores);

    /// <summary>
    /// The course in the history that contributes most to a course's score, or −1 when none does (popularity alone).
    /// </summary>
    int Explain(ReadOnlySpan<int> history, int course);
}
