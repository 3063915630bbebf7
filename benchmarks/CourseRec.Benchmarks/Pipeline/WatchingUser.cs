using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using CourseRec.Cli;
using CourseRec.Node.Push;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;

namespace CourseRec.Benchmarks.Pipeline;

/// <summary>A watched user: its connection, its offset, and the oldest event that no push has reflected yet.</summary>
internal sealed class WatchingUser(string name) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private HubConnection? _connection;
    private long _offset = long.MinValue;
    private long _waitingSince;

    /// <summary>The user's name.</summary>
    public string Name => name;

    /// <summary>Lists since the last <see cref="Forget"/> that no event of its own caused.</summary>
    public int Refreshed { get; private set; }

    /// <summary>The course of its last event; −1 before the first.</summary>
    public int Course { get; set; } = -1;

    /// <summary>Events sent since the last <see cref="Forget"/>.</summary>
    public int Events { get; private set; }

    /// <summary>Event to push, milliseconds.</summary>
    public ConcurrentQueue<double> Latencies { get; private set; } = [];

    /// <summary>Whether no push has reflected its last event yet.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (_lock)
                return _waitingSince != 0;
        }
    }

    /// <summary>Begins to watch; completes when the first list is on its way.</summary>
    public async Task ConnectAsync(Uri node, CancellationToken cancel)
    {
        _connection = new HubConnectionBuilder()
            .WithUrl(
                new Uri(node, PushEndpoints.AddressOf(name)),
                HttpTransportType.WebSockets,
                connection => connection.SkipNegotiation = true
            )
            .Build();
        _connection.On<Push>("Recommendations", push => OnPush(push.Offset));
        await _connection.StartAsync(cancel);
        await _connection.InvokeAsync("Subscribe", 10, cancel);
    }

    /// <summary>Forgets what was measured so far.</summary>
    public void Forget()
    {
        (Events, Refreshed) = (0, 0);
        Latencies = [];
    }

    /// <summary>Clicks on a course.</summary>
    /// <exception cref="CliException">The node refused.</exception>
    public async Task PostAsync(HttpClient http, Uri target, int course)
    {
        var body = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"user":"{{name}}","course":"c{{course:000}}","type":"click"}"""
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
            throw new CliException($"{target} answered {(int)response.StatusCode}: it can't follow this many events.");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void OnPush(long offset)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            if (offset <= _offset)
            {
                Refreshed++;
                return;
            }
            _offset = offset;
            if (_waitingSince == 0)
                return;
            Latencies.Enqueue(Stopwatch.GetElapsedTime(_waitingSince, now).TotalMilliseconds);
            _waitingSince = 0;
        }
    }

    /// <summary>As much of a list as is measured.</summary>
    private sealed record Push(long Offset);
}
