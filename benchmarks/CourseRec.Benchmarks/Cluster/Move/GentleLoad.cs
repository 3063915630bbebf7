using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using CourseRec.Cli;

namespace CourseRec.Benchmarks.Cluster.Move;

/// <summary>
/// Watched users who act by turns at a steady rate. Nobody acts again before the last event was seen, so that the
/// first list with a later offset shows it.
/// </summary>
/// <param name="users">The users.</param>
/// <param name="node">Where events are posted: a node that stays.</param>
/// <param name="eventsPerSecond">Events a second, over all users.</param>
internal sealed class GentleLoad(WatchedUser[] users, Uri node, int eventsPerSecond) : IDisposable
{
    private const int Courses = 200;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan SeenLimit = TimeSpan.FromSeconds(60);
    private readonly HttpClient _http = new() { BaseAddress = node };
    private readonly Dictionary<WatchedUser, Touch> _last = [];
    private readonly Random _random = new(1);
    private int _turn;
    private long _ids;
    private int _refused;

    /// <summary>Requests that were not answered 202.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Sends for a while, then waits until every event was seen. Answers what was done.</summary>
    /// <exception cref="CliException">An event was not seen for a minute.</exception>
    public async Task<IReadOnlyList<Touch>> SendAsync(TimeSpan duration, CancellationToken cancel)
    {
        var (touches, posts) = (new List<Touch>(), new List<Task>());
        using var timer = new PeriodicTimer(Tick, TimeProvider.System);
        var watch = Stopwatch.StartNew();
        for (var due = 0; watch.Elapsed < duration; await timer.WaitForNextTickAsync(cancel))
        {
            var some = new List<Touch>();
            for (; due < watch.Elapsed.TotalSeconds * eventsPerSecond; due++)
                if (TouchNext() is { } touch)
                    some.Add(touch);
            touches.AddRange(some);
            if (some.Count > 0)
                posts.Add(PostAsync(some, cancel));
        }
        await Task.WhenAll(posts);
        for (
            watch.Restart();
            touches.Find(touch => !touch.IsSeen) is { } left;
            await timer.WaitForNextTickAsync(cancel)
        )
        {
            if (watch.Elapsed > SeenLimit)
                throw new CliException(
                    $"{left.User.Name} did not see an event of {left.At} in {SeenLimit.TotalSeconds} s: "
                        + $"{left.User.Story}."
                );
        }
        return touches;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private Touch? TouchNext()
    {
        var user = users[_turn++ % users.Length];
        if (_last.TryGetValue(user, out var last) && !last.IsSeen)
            return null;
        return _last[user] = new(user, Now(), user.Last!.Value.Offset);
    }

    private async Task PostAsync(List<Touch> touches, CancellationToken cancel)
    {
        var body = Encoding.UTF8.GetBytes($"[{string.Join(',', touches.Select(Event))}]");
        while (true)
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await _http.PostAsync("v1/events", content, cancel);
            if (response.IsSuccessStatusCode)
                return;
            Interlocked.Increment(ref _refused);
            await Task.Delay(response.Headers.RetryAfter?.Delta ?? Tick, TimeProvider.System, cancel);
        }
    }

    private string Event(Touch touch) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"id":"gentle-{{_ids++}}","user":"{{touch.User.Name}}","course":"c{{_random.Next(Courses)}}","type":"click","time":"{{DateTimeOffset.FromUnixTimeMilliseconds(touch.At):O}}"}"""
        );

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}

/// <summary>Something that a user did.</summary>
/// <param name="User">Who.</param>
/// <param name="At">When, just before it was posted, Unix milliseconds.</param>
/// <param name="Before">The offset that the user's list had then.</param>
internal sealed record Touch(WatchedUser User, long At, long Before)
{
    /// <summary>Whether a list shows it.</summary>
    public bool IsSeen => User.Last!.Value.Offset > Before;

    /// <summary>After how many milliseconds the first list showed it.</summary>
    public double SeenAfter => User.PushesSince(At).First(push => push.Offset > Before).At - At;
}
