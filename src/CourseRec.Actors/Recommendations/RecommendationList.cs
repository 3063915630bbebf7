namespace CourseRec.Actors.Recommendations;

/// <summary>
/// A list made for one user, with its lineage: the session version and the model version that made it.
/// </summary>
/// <param name="User">The user.</param>
/// <param name="Offset">The last log record of the user that the list reflects; −1 before the first.</param>
/// <param name="ModelVersion">The model snapshot that ranked it.</param>
/// <param name="GeneratedAt">When it was made.</param>
/// <param name="Items">Best first.</param>
public sealed record RecommendationList(
    string User,
    long Offset,
    string ModelVersion,
    DateTimeOffset GeneratedAt,
    IReadOnlyList<Recommendation> Items
);

/// <summary>One recommended course.</summary>
/// <param name="Course">The course's id.</param>
/// <param name="Title">Its title, when the catalogue has one.</param>
/// <param name="Score">Higher is better; comparable within one list.</param>
/// <param name="Reason">Why it is here.</param>
public sealed record Recommendation(string Course, string? Title, double Score, RecommendationReason Reason);

/// <summary>Why a course was recommended.</summary>
/// <param name="Kind"><c>history</c> (because of a course in the user's history), <c>similar</c> (to the course asked
/// about) or <c>popular</c>.</param>
/// <param name="Course">The course of the history that contributed most, or the one asked about.</param>
public sealed record RecommendationReason(string Kind, string? Course)
{
    /// <summary>Nothing but that many take it.</summary>
    public static RecommendationReason Popular { get; } = new("popular", null);
}
