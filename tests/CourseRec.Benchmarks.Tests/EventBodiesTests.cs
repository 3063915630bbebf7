using System.Text.Json;
using CourseRec.Models.Interactions;

namespace CourseRec.Benchmarks.Tests;

public sealed class EventBodiesTests
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
}
