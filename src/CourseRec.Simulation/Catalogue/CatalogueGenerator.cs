namespace CourseRec.Simulation.Catalogue;

/// <summary>
/// Makes a catalogue that reads as if people had written it, because they did: a curriculum of about 500 courses, and
/// for larger catalogues companion courses to them (workshops, exam preparation and the like).
/// </summary>
public static class CatalogueGenerator
{
    private static readonly (string Suffix, string Slug, string Topic)[] Companions =
    [
        ("Problem Workshop", "workshop", "plenty of problems solved together"),
        ("Exam Preparation", "exam", "practice papers"),
        ("Project Studio", "studio", "a project of your own"),
        ("Reading Group", "reading-group", "selected readings"),
        ("Intensive Week", "intensive", "a session every day"),
    ];

    private static readonly decimal[][] Prices =
    [
        [0, 0, 0, 19, 29],
        [19, 29, 39, 39, 49],
        [39, 49, 59, 79, 99],
    ];
    private static readonly string[] Levels = ["beginner", "intermediate", "advanced"];

    /// <summary>The largest catalogue that can be generated.</summary>
    public static int MaxCourses => Curriculum.Courses.Count * (1 + Companions.Length);

    /// <summary>
    /// The catalogue: deterministic, subjects and tracks together, prerequisites before the courses that need them in
    /// each track.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of courses is outside 1 …
    /// <see cref="MaxCourses"/>.</exception>
    public static IReadOnlyList<SimulatedCourse> Generate(CatalogueOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Courses, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Courses, MaxCourses);
        var planned = Planned(options.Courses);
        var order = GrowthOrder.Of(
            [.. planned.Select(course => course.Prerequisites)],
            SeededRandom.For(options.Seed, "catalogue")
        );
        var chosen = order[..options.Courses].Order().ToArray();
        var popularity = Popularity(chosen, planned, SeededRandom.For(options.Seed, "popularity"));
        var prices = SeededRandom.For(options.Seed, "prices");
        return [.. chosen.Select((course, i) => Offer(planned, planned[course], prices.Next(5), popularity[i]))];
    }

    private static List<PlannedCourse> Planned(int courses)
    {
        var planned = new List<PlannedCourse>(Curriculum.Courses);
        foreach (var companion in Companions.TakeWhile(_ => planned.Count < courses))
            planned.AddRange(Curriculum.Courses.Select((course, i) => Companion(course, i, companion)));
        return planned;
    }

    private static PlannedCourse Companion(
        PlannedCourse course,
        int index,
        (string Suffix, string Slug, string Topic) kind
    )
    {
        var name = course.Title[..course.Title.IndexOf(": ", StringComparison.Ordinal)];
        return course with
        {
            Id = $"{course.Id}-{kind.Slug}",
            Title = $"{name}: {kind.Suffix}",
            Topic = $"{course.Topic}, with {kind.Topic}",
            Prerequisites = [index],
        };
    }

    private static SimulatedCourse Offer(List<PlannedCourse> all, PlannedCourse course, int price, double popularity) =>
        new(
            course.Id,
            course.Title,
            course.Subject,
            Levels[course.Level - 1],
            CourseDescriptions.Of(course),
            [.. course.Prerequisites.Select(first => all[first].Id)],
            true,
            Prices[course.Level - 1][price],
            course.Language
        )
        {
            Track = course.Track,
            Popularity = popularity,
        };

    /// <summary>1 / rank, long-tailed, in a random order in which beginners' courses tend to come first.</summary>
    private static double[] Popularity(int[] chosen, List<PlannedCourse> planned, SeededRandom random)
    {
        var ranked = chosen
            .Select((course, i) => (Index: i, Key: random.NextDouble() * planned[course].Level))
            .OrderBy(entry => entry.Key)
            .ToArray();
        var weights = new double[chosen.Length];
        for (var rank = 0; rank < ranked.Length; rank++)
            weights[ranked[rank].Index] = 1.0 / (rank + 4);
        var sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}
