using CourseRec.SystemTests.Harness;
using Xunit.Abstractions;

namespace CourseRec.SystemTests.Cluster;

/// <summary>
/// The short form of <c>bench chaos</c>: a node killed, stopped and frozen, one that joins and leaves, the broker and
/// Cassandra killed, all under load. Nothing runs beside it: it is busy itself.
/// </summary>
[Collection(nameof(ChaosTests))]
[CollectionDefinition(nameof(ChaosTests), DisableParallelization = true)]
public sealed class ChaosTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Whatever_ends_or_halts_every_accepted_event_is_applied_once_and_every_browser_sees_the_last_list()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        var report = await Courserec.SucceedAsync(["bench", "chaos", "--quick", "--seed", "1"], limit.Token);
        output.WriteLine(report);

        Assert.Contains("0 losses, 0 duplicates, 0 events never accepted", report, StringComparison.Ordinal);
        Assert.Contains("nobody was answered with less than anybody knew before", report, StringComparison.Ordinal);
        Assert.Contains("7 actions", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_repositorys_scripts_it_says_so()
    {
        using var folder = new TemporaryFolder();
        var program = BuiltProgram.CopyBenchmarks(folder.Path);

        var run = await Courserec.RunProgramAsync(program, "bench", "chaos", "--minutes", "1");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("scripts/kafka is in no folder above", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }
}
