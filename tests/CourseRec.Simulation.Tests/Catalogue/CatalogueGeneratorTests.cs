using System.Text.Json;
using System.Text.RegularExpressions;
using CourseRec.Simulation.Catalogue;

namespace CourseRec.Simulation.Tests.Catalogue;

public sealed class CatalogueGeneratorTests
{
    public static TheoryData<int> Sizes => [1, 20, 500, 1_000, CatalogueGenerator.MaxCourses];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void It_has_as_many_courses_as_asked_for_all_distinct(int courses)
    {
        var catalogue = Generate(courses);

        Assert.Equal(courses, catalogue.Count);
        Assert.Equal(courses, catalogue.DistinctBy(course => course.Id).Count());
        Assert.Equal(courses, catalogue.DistinctBy(course => course.Title).Count());
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Prerequisites_are_in_the_catalogue_and_without_cycles(int courses)
    {
        var catalogue = Generate(courses).ToDictionary(course => course.Id);
        var settled = new HashSet<string>();
        while (catalogue.Values.FirstOrDefault(IsNext) is { } course)
            settled.Add(course.Id);

        Assert.Equal(courses, settled.Count);
        bool IsNext(SimulatedCourse course) =>
            !settled.Contains(course.Id) && course.Prerequisites.All(settled.Contains);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(3_000)]
    public void Titles_and_descriptions_read_like_people_s(int courses)
    {
        Assert.All(
            Generate(courses),
            course =>
            {
                Assert.Matches(@"^\p{Lu}[\p{L}\p{N} ,.:'?#/-]{9,79}$", course.Title);
                Assert.DoesNotContain("  ", course.Title);
                Assert.Matches(@"^\p{Lu}[^{}]{30,220}\.$", course.Description);
                Assert.DoesNotMatch(new Regex("lorem|todo|[?]{2}|�", RegexOptions.IgnoreCase), course.Description);
            }
        );
    }

    [Fact]
    public void Ids_are_short_readable_and_do_not_depend_on_the_seed()
    {
        var one = Generate(500, seed: 1).ToDictionary(course => course.Id);
        var common = Generate(500, seed: 2).Where(course => one.ContainsKey(course.Id)).ToArray();

        Assert.All(one.Keys, id => Assert.Matches("^[a-z]+-[1-3][0-9]{2}-[a-z0-9]+(-[a-z0-9]+)*$", id));
        Assert.All(one.Keys, id => Assert.InRange(id.Length, 1, 128));
        Assert.True(common.Length > 450);
        Assert.All(common, course => Assert.Equal(one[course.Id].Title, course.Title));
    }

    [Fact]
    public void It_covers_many_subjects_levels_and_prices()
    {
        var catalogue = Generate(500);

        Assert.InRange(catalogue.Select(course => course.Subject).Distinct().Count(), 12, 20);
        Assert.Equal(
            ["advanced", "beginner", "intermediate"],
            catalogue.Select(course => course.Level).Distinct().Order()
        );
        Assert.Equal(
            ["de", "en", "es", "fr", "it", "ja", "zh"],
            catalogue.Select(course => course.Language).Distinct().Order()
        );
        Assert.Contains(catalogue, course => course.Price == 0);
        Assert.All(catalogue, course => Assert.InRange(course.Price, 0, 99));
    }

    [Fact]
    public void Machine_learning_needs_linear_algebra_and_probability()
    {
        var course = Generate(505).Single(course => course.Title.StartsWith("Machine Learning I:"));

        Assert.Equal(["math-101-linear-algebra-i", "math-105-probability-i"], course.Prerequisites);
    }

    [Fact]
    public void Popularity_is_long_tailed_and_sums_to_one()
    {
        var popularity = Generate(500).Select(course => course.Popularity).OrderDescending().ToArray();

        Assert.Equal(1, popularity.Sum(), 1e-9);
        Assert.InRange(popularity.Take(50).Sum(), 0.45, 0.65);
    }

    [Fact]
    public void The_same_seed_gives_the_same_catalogue_and_another_seed_another()
    {
        Assert.Equal(Json(Generate(500, seed: 7)), Json(Generate(500, seed: 7)));
        Assert.NotEqual(Json(Generate(500, seed: 7)), Json(Generate(500, seed: 8)));
    }

    [Fact]
    public void The_json_is_the_catalogue_s()
    {
        var course = new SimulatedCourse("a-1", "Café", "Food", "beginner", "Good.", ["b"], true, 19, "fr")
        {
            Track = "cooking",
            Popularity = 0.5,
        };

        Assert.Equal(
            """{"id":"a-1","title":"Café","subject":"Food","level":"beginner","description":"Good.","prerequisites":["b"],"available":true,"price":19,"language":"fr"}"""u8.ToArray(),
            course.ToJson()
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public void A_size_out_of_bounds_is_refused(int courses) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Generate(courses));

    private static IReadOnlyList<SimulatedCourse> Generate(int courses, int seed = 1) =>
        CatalogueGenerator.Generate(new CatalogueOptions { Seed = seed, Courses = courses });

    private static string Json(IReadOnlyList<SimulatedCourse> catalogue) => JsonSerializer.Serialize(catalogue);
}
