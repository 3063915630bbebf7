namespace CourseRec.Training.Data;

/// <summary>Which column is what; −1 when there is none.</summary>
/// <param name="User">The user.</param>
/// <param name="Course">The course.</param>
/// <param name="Rating">The rating.</param>
/// <param name="Time">The time.</param>
/// <param name="Count">All columns, the unknown ones too.</param>
internal readonly record struct TableColumns(int User, int Course, int Rating, int Time, int Count)
{
    /// <summary>MovieLens' <c>user::item::rating::timestamp</c>.</summary>
    public static TableColumns MovieLens { get; } = new(0, 1, 2, 3, 4);

    /// <summary>Reads a header; null when it does not name a user and a course column, once each.</summary>
    public static TableColumns? OfHeader(ReadOnlySpan<byte> header, FieldSplitter fields)
    {
        if (!fields.TrySplit(header))
            return null;
        var names = Enumerable.Range(0, fields.Count).Select(i => Normal(fields[i])).ToList();
        var (user, course) = (Find(names, "user", "userid", "uid", "learner"), Find(names, Courses));
        if (user is not [var userAt] || course is not [var courseAt])
            return null;
        var (rating, time) = (Find(names, "rating", "value", "score"), Find(names, "timestamp", "time", "ts"));
        return rating.Count > 1 || time.Count > 1
            ? null
            : new(userAt, courseAt, rating.FirstOrDefault(-1), time.FirstOrDefault(-1), names.Count);
    }

    private static readonly string[] Courses = ["course", "courseid", "item", "itemid", "movie", "movieid"];

    private static string Normal(string name) =>
        name.Trim().Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static List<int> Find(List<string> names, params string[] known) =>
        [.. Enumerable.Range(0, names.Count).Where(i => known.Contains(names[i]))];
}
