using System.Collections.Concurrent;
using System.Diagnostics;
using CourseRec.Actors.Telemetry;

namespace CourseRec.Node.Tests.Operations;

/// <summary>The spans of an event, seen by a listener as OpenTelemetry's is one.</summary>
[Collection(SpansCollection.Name)]
public sealed class TraceTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = [];
    private readonly ActivityTraceId _trace = ActivityTraceId.CreateRandom();
    private readonly ActivityListener _listener;

    public TraceTests()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name is EventTraces.SourceName or "Microsoft.AspNetCore",
            // As a parent-based sampler: other tests' events in this process are in no trace.
            Sample = (ref ActivityCreationOptions<ActivityContext> span) =>
                span.Parent.TraceId == _trace
                    ? ActivitySamplingResult.AllDataAndRecorded
                    : ActivitySamplingResult.PropagationData,
            ActivityStopped = span =>
            {
                if (span.TraceId == _trace)
                    _spans.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task An_event_is_one_trace_from_its_post_to_the_push()
    {
        await using var node = await TestNode.StartAsync();
        await using var client = await HubClient.ConnectAsync(node.Url, "traced");
        await client.InvokeAsync("Subscribe", 5);
        await client.NextAsync();

        await PostAsync(node, """{"user":"traced","course":"c","type":"click"}""", sampled: true);
        await client.NextAsync();
        await SpansAsync(5);

        string[] expected = ["POST", "send interactions", "process interactions", "make lists", "push lists"];
        var spans = expected.Select(name => _spans.Single(span => NameOf(span) == name)).ToArray();
        for (var i = 1; i < spans.Length; i++)
            Assert.Equal(spans[i - 1].SpanId, spans[i].ParentSpanId);
        Assert.Equal(
            [
                ActivityKind.Server,
                ActivityKind.Producer,
                ActivityKind.Consumer,
                ActivityKind.Internal,
                ActivityKind.Producer,
            ],
            spans.Select(span => span.Kind)
        );
        Assert.Equal("courserec", spans[2].GetTagItem("messaging.system"));
        Assert.Equal("process", spans[2].GetTagItem("messaging.operation.name"));
        Assert.Equal("Applied", spans[2].GetTagItem("courserec.outcome"));
    }

    [Fact]
    public async Task An_event_after_the_traced_one_takes_nothing_from_its_trace_and_is_in_none()
    {
        await using var node = await TestNode.StartAsync();
        await using var client = await HubClient.ConnectAsync(node.Url, "both");
        await client.InvokeAsync("Subscribe", 5);
        await client.NextAsync();

        await PostAsync(node, """{"user":"both","course":"c","type":"click"}""", sampled: true);
        await node.PostAsync("/v1/events", """{"user":"both","course":"d","type":"click"}""");
        await node.AppliedAsync("both", 2);
        await SpansAsync(5);

        Assert.Single(_spans, span => NameOf(span) == "process interactions");
        Assert.Single(_spans, span => NameOf(span) == "push lists");
    }

    [Fact]
    public async Task Of_a_large_request_a_bounded_number_of_events_is_traced()
    {
        await using var node = await TestNode.StartAsync();
        var events = Enumerable.Range(0, 40).Select(i => $$"""{"user":"u{{i}}","course":"c","type":"click"}""");
        await PostAsync(node, $"[{string.Join(',', events)}]", sampled: true);
        await node.AppliedAsync("u39", 1);
        await SpansAsync(2 + EventTraces.MaxTracedEvents);
        Assert.Equal(EventTraces.MaxTracedEvents, _spans.Count(span => NameOf(span) == "process interactions"));
    }

    [Fact]
    public async Task A_record_of_an_event_that_is_not_sampled_is_the_same_as_without_tracing()
    {
        await using var node = await TestNode.StartAsync();
        const string json = """{"id":"e1","user":"plain","course":"c","type":"click","time":"2026-01-01T00:00:00Z"}""";
        await PostAsync(node, json, sampled: false);
        await node.AppliedAsync("plain", 1);
        Assert.Equal(json, await OnlyRecordAsync(node));
    }

    private async Task PostAsync(TestNode node, string json, bool sampled)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events") { Content = TestNode.Json(json) };
        var trace = sampled ? _trace : ActivityTraceId.CreateRandom();
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-{(sampled ? "01" : "00")}");
        (await node.Http.SendAsync(request)).EnsureSuccessStatusCode();
    }

    private static async Task<string> OnlyRecordAsync(TestNode node)
    {
        var log = (Actors.Ports.IInteractionLog)node.Services.GetService(typeof(Actors.Ports.IInteractionLog))!;
        var values = new List<string>();
        for (var partition = 0; partition < log.Identity.Partitions; partition++)
        {
            await foreach (var batch in log.ReadAsync(partition, 0, CancellationToken.None))
                values.AddRange(batch.ToArray().Select(r => System.Text.Encoding.UTF8.GetString(r.Value.Span)));
        }
        return Assert.Single(values);
    }

    private Task SpansAsync(int count) =>
        Eventually.HoldsAsync(
            () => Task.FromResult(_spans.Count >= count),
            () => Task.FromResult(string.Join(", ", _spans.Select(NameOf)))
        );

    private static string NameOf(Activity span) => span.Kind == ActivityKind.Server ? "POST" : span.DisplayName;
}
