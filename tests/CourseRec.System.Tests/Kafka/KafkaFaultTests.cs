using System.Net;
using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Kafka;

/// <summary>
/// The promise on a real broker: what was accepted is applied exactly once, whatever happens to node or broker.
/// </summary>
[Collection(KafkaCollection.Name)]
public sealed class KafkaFaultTests(SharedKafkaBroker shared) : IDisposable
{
    private readonly KafkaBroker _broker = shared.Broker;
    private readonly KafkaTopics _topics = new(shared.Broker);
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePorts.One();

    [Fact]
    public async Task Every_accepted_event_is_applied_once_when_the_node_is_killed_mid_batch()
    {
        var node = await StartNodeAsync();
        using var load = new KafkaLoad(node.Url);
        var random = new Random(1);
        for (var kill = 0; kill < 2; kill++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(500, 2500)), TimeProvider.System);
            await node.EndAsync(Signals.Kill);
            await node.DisposeAsync();
            node = await StartNodeAsync();
        }
        await EndAsync(node, load);
    }

    [Fact]
    public async Task While_the_broker_is_away_the_node_answers_503_and_then_goes_on_by_itself()
    {
        var node = await StartNodeAsync();
        using var load = new KafkaLoad(node.Url);
        using var http = new HttpClient { BaseAddress = node.Url };
        await ReadyAsync(http);
        await _broker.StopAsync();
        try
        {
            using var refused = await http.PostAsync("v1/events", Event("someone"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("health/live")).StatusCode);
        }
        finally
        {
            await _broker.StartAgainAsync();
        }
        await EndAsync(node, load);
        Assert.NotEmpty(node.LinesWith("does not answer"));
    }

    [Fact]
    public async Task A_node_started_before_its_broker_says_so_and_serves_when_it_is_there()
    {
        await _broker.StopAsync();
        var node = await StartNodeAsync();
        using var http = new HttpClient { BaseAddress = node.Url };
        var notReady = await http.GetStringAsync("health/live");
        await Eventually.BecomesAsync(
            () => Task.FromResult(node.LinesWith($"Waiting for Kafka at {_broker.Address}").Length),
            lines => lines > 0,
            "it says what it waits for"
        );
        using var ready = await http.GetAsync("health/ready");
        using var refused = await http.PostAsync("v1/events", Event("someone"));
        await _broker.StartAgainAsync();

        Assert.Contains("live", notReady, StringComparison.Ordinal);
        Assert.Contains(_broker.Address, await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEmpty(node.LinesWith("Connection refused"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        using var load = new KafkaLoad(node.Url);
        await ReadyAsync(http);
        await EndAsync(node, load);
    }

    [Fact]
    public async Task Every_accepted_event_is_applied_once_when_the_broker_halts_for_20_seconds()
    {
        var node = await StartNodeAsync();
        using var load = new KafkaLoad(node.Url);
        using var http = new HttpClient { BaseAddress = node.Url };
        await ReadyAsync(http);
        _broker.Freeze();
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System);
        }
        finally
        {
            _broker.Thaw();
        }
        await EndAsync(node, load);
    }

    public void Dispose() => _folder.Dispose();

    private static StringContent Event(string user) =>
        new($$"""{"user":"{{user}}","course":"c","type":"click"}""", System.Text.Encoding.UTF8, "application/json");

    private static Task<HttpStatusCode> ReadyAsync(HttpClient http) =>
        Eventually.BecomesAsync(
            async () => (await http.GetAsync("health/ready")).StatusCode,
            status => status == HttpStatusCode.OK,
            "the node is ready"
        );

    private Task<NodeProcess> StartNodeAsync() => _topics.StartNodeAsync(_folder.Path, _port);

    private async Task EndAsync(NodeProcess node, KafkaLoad load)
    {
        await using var ending = node;
        await load.FinishAsync(node);
        Assert.Equal(0, await node.EndAsync(Signals.Terminate));
        await _topics.VerifyAsync(_folder.Path);
    }
}
