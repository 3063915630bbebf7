using System.Text.Json;
using CourseRec.SystemTests.Harness;
using Xunit.Abstractions;

namespace CourseRec.SystemTests.Cluster;

/// <summary><c>bench cluster</c> with small numbers: that it works; its figures mean little.</summary>
public sealed class BenchClusterTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_benchmark_measures_three_nodes_against_one()
    {
        var report = await MeasureAsync("--part", "cost", "--events", "10", "--rounds", "1", "--seconds", "1");
        var round = Assert.Single(report.GetProperty("cost").GetProperty("rounds").EnumerateArray());
        foreach (var nodes in new[] { "one", "three" })
        foreach (var figure in new[] { "storedPerSecond", "acceptedPerSecond", "nodeMicroseconds" })
            Assert.True(round.GetProperty(nodes).GetProperty(figure).GetDouble() > 0, $"{nodes}: {figure}");
    }

    [Fact]
    public async Task The_benchmark_measures_users_who_move_and_nobody_reconnects()
    {
        var report = await MeasureAsync("--part", "move", "--users", "60");
        var phases = report.GetProperty("move").GetProperty("phases").EnumerateArray().ToArray();
        Assert.Equal(4, phases.Length);
        Assert.All(phases[1..], phase => Assert.InRange(phase.GetProperty("moved").GetInt32(), 1, 60));
        Assert.All(phases, phase => Assert.Equal(0, phase.GetProperty("reconnects").GetInt32()));
        Assert.All(phases, phase => Assert.Equal(0, phase.GetProperty("clientErrors").GetInt32()));
        Assert.All(phases, phase => Assert.Equal(0, phase.GetProperty("refused").GetInt32()));
    }

    private async Task<JsonElement> MeasureAsync(params string[] arguments)
    {
        var report = await Courserec.SucceedAsync(["bench", "cluster", "--json", .. arguments]);
        output.WriteLine(report);
        return JsonDocument.Parse(report).RootElement;
    }
}
