using System.Net;
using System.Text.Json;
using CourseRec.Training.Native;

namespace CourseRec.Node.Tests.Operations;

public sealed class OperationsTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private TestNode Node => fixture.Node;

    [Fact]
    public async Task Metrics_name_what_was_accepted()
    {
        await Node.PostAsync("/v1/events", """{"user":"metric","course":"c","type":"click"}""");
        var answer = await Node.Http.GetAsync("/metrics");
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        var text = await answer.Content.ReadAsStringAsync();
        const string log = "messaging_destination_name=\"interactions\",messaging_operation_name=\"send\"";
        Assert.Contains("# TYPE messaging_client_sent_messages_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains($"messaging_client_sent_messages_total{{{log},", text, StringComparison.Ordinal);
        Assert.Contains($"messaging_client_operation_duration_seconds_bucket{{{log},", text, StringComparison.Ordinal);
        Assert.Contains("courserec_shard_lag{partition=\"3\"} ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Live_figures_have_every_partition()
    {
        await Node.PostAsync("/v1/events", """{"user":"lively","course":"c","type":"click"}""");
        var live = await Node.GetAsync("/v1/live");
        Assert.Equal(4, live.GetProperty("lag").GetArrayLength());
        Assert.Equal("running", live.GetProperty("lag")[0].GetProperty("state").GetString());
        Assert.Contains("lively", live.GetProperty("recentUsers").EnumerateArray().Select(u => u.GetString()));
        Assert.False(live.GetProperty("simulation").GetBoolean());
        Assert.True(live.GetProperty("judge").GetProperty("contenders").GetArrayLength() >= 2);
    }

    [Fact]
    public async Task Live_figures_say_that_training_is_off()
    {
        var training = (await Node.GetAsync("/v1/live")).GetProperty("training");
        Assert.Equal("off", training.GetProperty("state").GetString());
        Assert.False(training.TryGetProperty("version", out _));
        Assert.False(training.TryGetProperty("freshnessP99Ms", out _));
    }

    [Fact]
    public async Task A_node_that_trains_says_what_it_is_waiting_for_or_why_it_can_not()
    {
        await using var node = await TestNode.StartAsync(with: o => o with { Training = new() });
        var training = (await node.GetAsync("/v1/live")).GetProperty("training");
        var state = training.GetProperty("state").GetString();
        Assert.Equal(TrainingRuntime.IsAvailable ? "waiting" : "unavailable", state);
        Assert.Equal(TrainingRuntime.IsAvailable, !training.TryGetProperty("problem", out _));
    }

    [Fact]
    public async Task Every_endpoint_is_described_with_a_summary()
    {
        var api = await Node.GetAsync("/openapi/v1.json");
        var paths = api.GetProperty("paths").EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
        string[] expected =
        [
            "/v1/events",
            "/v1/users/{id}",
            "/v1/users/{id}/recommendations",
            "/v1/courses",
            "/v1/courses/{id}",
            "/v1/courses/{id}/similar",
            "/v1/popular",
            "/v1/live",
            "/health/live",
            "/health/ready",
            "/metrics",
        ];
        Assert.Empty(expected.Except(paths.Keys));
        foreach (var operation in paths.Values.SelectMany(p => p.EnumerateObject()))
            Assert.NotEmpty(operation.Value.GetProperty("summary").GetString()!);
        var count = paths["/v1/popular"].GetProperty("get").GetProperty("parameters")[0];
        Assert.Equal("count", count.GetProperty("name").GetString());
    }

    [Fact]
    public async Task The_node_file_names_the_process_and_its_address_while_it_runs()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("node.json");
        await using (var node = await TestNode.StartAsync(folder.Path))
        {
            var info = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement;
            Assert.Equal(Environment.ProcessId, info.GetProperty("pid").GetInt32());
            Assert.Equal(node.Url, new Uri(info.GetProperty("url").GetString()!));
        }
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Too_great_a_backlog_is_answered_429_with_when_to_come_back()
    {
        await using var node = await TestNode.StartAsync(with: o => o with { Intake = o.Intake with { MaxLag = -1 } });
        var answer = await node.PostAsync("/v1/events", """{"user":"u","course":"c","type":"view"}""");
        await answer.ProblemAsync(HttpStatusCode.TooManyRequests);
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
    }
}
