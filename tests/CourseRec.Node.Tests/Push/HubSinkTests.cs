using CourseRec.Actors.Recommendations;
using CourseRec.Node.Push;
using Microsoft.Extensions.Time.Testing;

namespace CourseRec.Node.Tests.Push;

public sealed class HubSinkTests
{
    private readonly List<long> _sent = [];
    private readonly List<double?> _latencies = [];
    private readonly SemaphoreSlim _sending = new(0);
    private readonly SemaphoreSlim _release = new(0);

    [Fact]
    public async Task A_slow_connection_gets_the_newest_list_and_not_a_queue()
    {
        var sink = Sink();
        sink.Post(List(1), null);
        await _sending.WaitAsync();
        for (var offset = 2; offset <= 50; offset++)
            sink.Post(List(offset), null);
        _release.Release(2);
        await _sending.WaitAsync();
        Assert.Equal([1, 50], _sent);
    }

    [Fact]
    public async Task Offsets_never_go_back()
    {
        _release.Release(10);
        var sink = Sink();
        sink.Post(List(5), null);
        await _sending.WaitAsync();
        sink.Post(List(4), null);
        sink.Post(List(6), null);
        await _sending.WaitAsync();
        Assert.Equal([5, 6], _sent);
    }

    [Fact]
    public async Task A_replaced_list_leaves_its_older_event_to_be_measured()
    {
        var sink = Sink();
        sink.Post(List(1), null);
        await _sending.WaitAsync();
        sink.Post(List(2), 1_000);
        sink.Post(List(3), 5_000);
        _release.Release(2);
        await _sending.WaitAsync();
        await Eventually.HoldsAsync(
            () => Task.FromResult(_latencies.Count == 2),
            () => Task.FromResult($"{_latencies.Count} pushes")
        );
        Assert.Equal([null, 9_000], _latencies);
    }

    private HubSink Sink() =>
        new(
            SendAsync,
            _latencies.Add,
            (_, e) => Assert.Fail(e.Message),
            new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(10_000))
        );

    private async Task SendAsync(RecommendationList list)
    {
        _sent.Add(list.Offset);
        _sending.Release();
        await _release.WaitAsync();
    }

    private static RecommendationList List(long offset) => new("u", offset, "m", default, []);
}
