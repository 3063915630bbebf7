using CourseRec.Node.Options;
using Microsoft.Extensions.Logging;

namespace CourseRec.Node.Tests.Operations;

[Collection(SpansCollection.Name)]
public sealed class TelemetryTests
{
    [Fact]
    public async Task With_an_endpoint_metrics_spans_and_log_lines_are_sent_there()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var node = await TestNode.StartAsync(with: o => Sending(o, receiver.Url)))
        {
            await node.PostAsync("/v1/events", """{"user":"otlp","course":"c","type":"click"}""");
            await node.AppliedAsync("otlp", 1);
        }
        var metrics = receiver.BodiesAt("/v1/metrics");
        Assert.Contains("learning-school", metrics, StringComparison.Ordinal);
        Assert.Contains("messaging.client.sent.messages", metrics, StringComparison.Ordinal);
        Assert.Contains("courserec.records.folded", metrics, StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", metrics, StringComparison.Ordinal);
        Assert.Contains("process.cpu.time", metrics, StringComparison.Ordinal);
        var spans = receiver.BodiesAt("/v1/traces");
        Assert.Contains("learning-school", spans, StringComparison.Ordinal);
        Assert.Contains("POST /v1/events", spans, StringComparison.Ordinal);
        Assert.Contains("send interactions", spans, StringComparison.Ordinal);
        Assert.Contains("process interactions", spans, StringComparison.Ordinal);
        Assert.DoesNotContain("GET /health", spans, StringComparison.Ordinal);
        Assert.Contains("CourseRec is at ", receiver.BodiesAt("/v1/logs"), StringComparison.Ordinal);
        Assert.Equal(["secret"], receiver.Keys);
    }

    [Fact]
    public async Task Each_of_several_nodes_in_a_process_shows_its_own_figures()
    {
        await using var one = await TestNode.StartAsync(with: o => o with { Log = o.Log with { Partitions = 3 } });
        await using var other = await TestNode.StartAsync(with: o => o with { Log = o.Log with { Partitions = 2 } });
        Assert.Contains("courserec_cluster_partitions_served{} 3\n", await ScrapeAsync(one), StringComparison.Ordinal);
        Assert.Contains(
            "courserec_cluster_partitions_served{} 2\n",
            await ScrapeAsync(other),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("{partition=\"2\"}", await ScrapeAsync(other), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scrape_names_the_process_the_runtime_and_requests_as_the_conventions_do()
    {
        await using var node = await TestNode.StartAsync();
        var text = await ScrapeAsync(node);
        Assert.Contains("# TYPE process_memory_usage_bytes gauge\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE process_cpu_time_seconds_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE dotnet_gc_collections_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds_bucket{", text, StringComparison.Ordinal);
        Assert.DoesNotContain("otel_scope_name", text, StringComparison.Ordinal);
    }

    private static Task<string> ScrapeAsync(TestNode node) => node.Http.GetStringAsync("/metrics");

    private static NodeOptions Sending(NodeOptions options, Uri endpoint) =>
        options with
        {
            Logging = new() { Level = LogLevel.Information },
            Telemetry = new()
            {
                OtlpEndpoint = endpoint,
                OtlpProtocol = OtlpProtocol.Http,
                OtlpHeaders = "api-key=secret",
                ServiceName = "learning-school",
                TraceRatio = 1,
            },
        };
}
