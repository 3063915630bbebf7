namespace CourseRec.Benchmarks.Tests;

public sealed class BenchCommandTests
{
    [Theory]
    [InlineData(
        "bench pipeline --part wings",
        "--part is 'wings': it must be all, throughput, push, freshness, refresh, memory, handoff or coldstart."
    )]
    [InlineData("bench kafka", "bench kafka needs a broker")]
    public async Task A_mistake_is_one_line_that_names_it_and_exit_code_2(string commandLine, string expected)
    {
        var (code, error) = await BenchProgram.RunAsync(commandLine.Split(' '));
        Assert.Equal(2, code);
        Assert.Contains(expected, Assert.Single(error.Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("bench pipeline --help")]
    [InlineData("bench kafka --help")]
    public async Task Help_is_no_mistake(string commandLine) =>
        Assert.Equal((0, ""), await BenchProgram.RunAsync(commandLine.Split(' ')));
}
