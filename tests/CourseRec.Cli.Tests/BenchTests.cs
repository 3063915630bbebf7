using System.Text.Json;
using CourseRec.Models.Interactions;
using CourseRec.Benchmarks;

namespace CourseRec.Cli.Tests;

[Collection(nameof(BenchTests))]
[CollectionDefinition(nameof(BenchTests), DisableParallelization = true)]
public sealed class BenchTests
{
    [Fact]
    public void Request_bodies_hold_1000_valid_events_and_no_id_twice()
    {
        var bodies = new EventBodies(connection: 3, users: 100_000, DateTimeOffset.UnixEpoch.AddYears(50));
        var now = DateTimeOffset.UnixEpoch.AddYears(50).ToUnixTimeMilliseconds();
        var ids = new HashSet<string>();
        var parser = new InteractionParser();
        for (var request = 0; request < 3; request++)
        {
            using var json = JsonDocument.Parse(bodies.Next());
            foreach (var e in json.RootElement.EnumerateArray())
            {
                Assert.True(
                    parser.TryParseRequest(JsonSerializer.SerializeToUtf8Bytes(e), now, out var error),
                    error.ToString()
                );
                ids.Add(parser.Id.ToString());
            }
        }
        Assert.Equal(3000, ids.Count);
    }

    [Fact]
    public void Percentiles_are_nearest_ranks()
    {
        double[] sorted = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        Assert.Equal(5, Percentiles.Of(sorted, 0.5));
        Assert.Equal(10, Percentiles.Of(sorted, 0.99));
        Assert.Equal(10, Percentiles.Of(sorted, 1));
        Assert.Equal(double.NaN, Percentiles.Of([], 0.5));
        Assert.Equal(3, Percentiles.Median([9, 1, 3]));
    }

    [Fact]
    public void A_session_with_a_full_history_fits_768_bytes()
    {
        Assert.InRange(MemoryBench.Run(sessions: 100_000, CancellationToken.None).BytesPerSession, 400, 768);
    }
}
