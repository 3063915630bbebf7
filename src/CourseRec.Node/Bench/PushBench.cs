using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using CourseRec.Node.Cli;

namespace CourseRec.Node.Bench;

/// <summary>
/// From an event to the push that reflects it, as a browser sees it: the clock starts just before the POST is sent and stops
/// when the push with a later offset has been read. 1,000 users watch over WebSockets; 1,000 events a second, one a request.
/// </summary>
internal static class PushBench
{
    private const int Users = 1000;
    private const int EventsPerSecond = 1000;
    private const int CourseCount = 500;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Measures a node.</summary>
    /// <param name="node">A fresh one.</param>
    /// <param name="duration">How long, without the warm-up.</param>
    /// <param name="cancel">Stops early.</param>
    /// <exception cref="CliException">A watching connection failed.</exception>
    public static async Task<PushResult> RunAsync(BenchNode node, TimeSpan duration, CancellationToken cancel)
    {
        var watchers = Enumerable.Range(0, Users).Select(i => new Watcher($"watch-{i:0000}")).ToArray();
        try
        {
            await ConnectAsync(node, watchers, cancel);
            await SendAsync(node, watchers, WarmUp, cancel);
            foreach (var watcher in watchers)
                watcher.Forget();
            await SendAsync(node, watchers, duration, cancel);
            return Sum(watchers);
        }
        catch (WebSocketException e)
        {
            throw new CliException($"Watching at {node.Url} failed: {e.Message}", e);
        }
        finally
        {
            foreach (var watcher in watchers)
                await watcher.DisposeAsync();
        }
    }

    private static Task ConnectAsync(BenchNode node, Watcher[] watchers, CancellationToken cancel) =>
        Parallel.ForEachAsync(
            watchers,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancel },
            async (watcher, token) => await watcher.ConnectAsync(node.Url, token)
        );

    private static async Task SendAsync(BenchNode node, Watcher[] watchers, TimeSpan duration, CancellationToken cancel)
    {
        using var http = new HttpClient();
        var target = new Uri(node.Url, "/v1/events");
        var random = new Random(1);
        var posts = new List<Task>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var watch = Stopwatch.StartNew();
        for (var sent = 0; watch.Elapsed < duration; await timer.WaitForNextTickAsync(cancel))
        {
            for (; sent < watch.Elapsed.TotalSeconds * EventsPerSecond; sent++)
                posts.Add(watchers[sent % Users].PostAsync(http, target, $"c{random.Next(CourseCount):000}"));
        }
        await Task.WhenAll(posts);
        for (watch.Restart(); watch.Elapsed < Grace && watchers.Any(w => w.IsWaiting); )
            await timer.WaitForNextTickAsync(cancel);
    }

    private static PushResult Sum(Watcher[] watchers)
    {
        var sorted = watchers.SelectMany(w => w.Latencies).Order().ToArray();
        return new PushResult(
            watchers.Sum(w => w.Events),
            sorted.Length,
            watchers.Count(w => w.IsWaiting),
            Percentiles.Of(sorted, 0.5),
            Percentiles.Of(sorted, 0.99),
            Percentiles.Of(sorted, 1)
        );
    }

    /// <summary>A watched user: its connection, its offset, and the oldest event that no push has reflected yet.</summary>
    private sealed class Watcher(string user) : IAsyncDisposable
    {
        private readonly Lock _lock = new();
        private PushClient? _client;
        private long _offset = long.MinValue;
        private long _waitingSince;

        public int Events { get; private set; }

        public ConcurrentQueue<double> Latencies { get; private set; } = [];

        public bool IsWaiting
        {
            get
            {
                lock (_lock)
                    return _waitingSince != 0;
            }
        }

        public async Task ConnectAsync(Uri node, CancellationToken cancel) =>
            _client = await PushClient.ConnectAsync(node, user, OnPush, cancel);

        public void Forget()
        {
            Events = 0;
            Latencies = [];
        }

        public async Task PostAsync(HttpClient http, Uri target, string course)
        {
            var body = string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"user":"{{user}}","course":"{{course}}","type":"click"}"""
            );
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            lock (_lock)
            {
                Events++;
                if (_waitingSince == 0)
                    _waitingSince = Stopwatch.GetTimestamp();
            }
            using var response = await http.PostAsync(target, content);
            if (!response.IsSuccessStatusCode)
                throw new CliException($"{target} answered {(int)response.StatusCode} at {EventsPerSecond} events/s.");
        }

        public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? ValueTask.CompletedTask;

        private void OnPush(long offset)
        {
            var now = Stopwatch.GetTimestamp();
            lock (_lock)
            {
                if (offset <= _offset)
                    return;
                _offset = offset;
                if (_waitingSince == 0)
                    return;
                Latencies.Enqueue(Stopwatch.GetElapsedTime(_waitingSince, now).TotalMilliseconds);
                _waitingSince = 0;
            }
        }
    }
}

/// <summary>Event-to-push latency at the client.</summary>
/// <param name="Events">Events sent.</param>
/// <param name="Measured">Pushes that reflected them (one may reflect several events of its user).</param>
/// <param name="Missing">Users whose last event no push reflected.</param>
/// <param name="P50Ms">Median, milliseconds.</param>
/// <param name="P99Ms">99th percentile, milliseconds.</param>
/// <param name="MaxMs">The slowest, milliseconds.</param>
internal sealed record PushResult(int Events, int Measured, int Missing, double P50Ms, double P99Ms, double MaxMs);
