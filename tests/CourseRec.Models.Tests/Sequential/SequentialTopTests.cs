using CourseRec.Models.Sequential;
using CourseRec.Models.Sequential.Kernels;

namespace CourseRec.Models.Tests.Sequential;

/// <summary>The best k by way of 7-bit rows are those of the plain scan, to the bit and to the tie.</summary>
public sealed class SequentialTopTests
{
    private const int Courses = 3001;

    private static readonly SequentialConfig Config = Models.Tiny with { Dimension = 32, MaxLength = 8 };

    public static TheoryData<string> Tables() =>
        [
            "random",
            "equal rows",
            "few distinct rows",
            "one huge row",
            "one huge value",
            "tiny",
            "zero",
            "vast",
            "steep biases",
        ];

    [Theory]
    [MemberData(nameof(Tables))]
    public void The_best_are_those_of_the_plain_scan(string table)
    {
        var parameters = Models.Random(Config, Courses);
        Fill(parameters, table);
        foreach (var level in Enum.GetValues<SimdLevel>().Where(level => level <= Simd.Widest))
        {
            var model = new SequentialModel(parameters, "v", level);
            foreach (var k in new[] { 1, 10, 64, 100 })
                for (var seed = 0; seed < 6; seed++)
                    AssertExact(model, k, seed);
        }
    }

    [Fact]
    public void Excluding_all_leaves_nothing_and_all_but_three_leaves_those()
    {
        var model = new SequentialModel(Models.Random(Config, Courses), "v");
        var scorer = new SequentialScorer();
        scorer.Encode(model, [1, 2, 3]);
        var excluded = new CourseMask();
        for (var course = 0; course < Courses; course++)
            excluded.Add(course);
        var (best, scores) = (new int[10], new float[10]);
        Assert.Equal(0, scorer.Top(0, excluded, best, scores));
        foreach (var course in new[] { 0, 1500, 3000 })
            excluded.Remove(course);
        Assert.Equal(3, scorer.Top(0, excluded, best, scores));
        Assert.Equal([0, 1500, 3000], best[..3].Order());
    }

    [Fact]
    public void Most_courses_are_never_scored_exactly()
    {
        var model = new SequentialModel(Models.Random(Config with { Dimension = 64 }, 20_000), "v");
        if (model.Output.Coarse is not { } coarse)
            return; // a processor without wide bytes scores all
        var h = Enumerable.Range(0, 64).Select(i => MathF.Sin(i)).ToArray();
        var candidates = new TopCandidates();
        candidates.Select(model.Output, coarse, h, new sbyte[64], null, new int[10], new float[10]);
        Assert.InRange(candidates.Count, 10, 200);
    }

    private static void AssertExact(SequentialModel model, int k, int seed)
    {
        var random = new Random(seed);
        var scorer = new SequentialScorer();
        scorer.Encode(model, [.. Enumerable.Range(0, 8).Select(_ => random.Next(Courses))]);
        var all = new float[Courses];
        scorer.ScoreAll(0, all);
        var excluded = new CourseMask();
        for (var i = 0; i < 500 * (seed % 2); i++)
            excluded.Add(random.Next(Courses));
        for (var course = 0; course < Courses; course++)
            all[course] = excluded.Contains(course) ? float.NegativeInfinity : all[course];
        var expected = new int[k];
        var (best, scores) = (new int[k], new float[k]);
        var found = TopK.Select(all, expected);
        Assert.Equal(found, scorer.Top(0, excluded, best, scores));
        Assert.Equal(expected[..found], best[..found]);
        Assert.Equal(expected[..found].Select(course => all[course]), scores[..found]);
    }

    private static void Fill(SequentialParameters parameters, string table)
    {
        var d = Config.Dimension;
        var items = parameters["item"][d..^d];
        var biases = parameters["outputBias"][1..^1];
        for (var i = 0; i < items.Length; i++)
            items[i] = table switch
            {
                "equal rows" => items[i % d],
                "few distinct rows" => items[i / d % 5 * d + i % d],
                "one huge row" => i / d == 1777 ? items[i] * 1e6f : items[i],
                "one huge value" => i == 1777 * d + 5 ? 1e30f : items[i],
                "tiny" => items[i] * 1e-38f,
                "zero" => 0,
                "vast" => items[i] * 1e38f,
                _ => items[i],
            };
        for (var i = 0; i < biases.Length; i++)
            biases[i] = table switch
            {
                "random" => biases[i],
                "steep biases" => i % 7 * 1000f,
                _ => 0,
            };
    }
}
