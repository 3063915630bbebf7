namespace CourseRec.Simulation.Tests;

public sealed class SequenceSampleTests
{
    [Fact]
    public void Each_line_is_a_user_and_distinct_courses()
    {
        var lines = Lines(300, seed: 1);

        Assert.Equal(Enumerable.Range(0, 300), lines.Select(line => line[0]));
        Assert.All(lines, line => Assert.Equal(line.Length - 1, line.Skip(1).Distinct().Count()));
        Assert.All(lines, line => Assert.All(line.Skip(1), item => Assert.InRange(item, 0, 499)));
    }

    [Fact]
    public void Lengths_have_a_long_tail()
    {
        var lengths = Lines(2_000, seed: 1).Select(line => line.Length - 1).Order().ToArray();

        Assert.Equal(5, lengths[0]);
        Assert.InRange(lengths[1_000], 6, 12);
        Assert.InRange(lengths[1_980], 40, 60);
        Assert.Equal(60, lengths[^1]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_text_and_another_seed_another()
    {
        Assert.Equal(Text(50, seed: 3), Text(50, seed: 3));
        Assert.NotEqual(Text(50, seed: 3), Text(50, seed: 4));
        Assert.StartsWith(Text(50, seed: 3), Text(60, seed: 3));
    }

    private static int[][] Lines(int users, int seed) =>
        [
            .. Text(users, seed)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' ').Select(int.Parse).ToArray()),
        ];

    private static string Text(int users, int seed)
    {
        using var output = new StringWriter();
        SequenceSample.Write(output, users, seed);
        return output.ToString();
    }
}
