using System.Diagnostics;
using System.Net.WebSockets;
using CourseRec.Cli;
using Microsoft.AspNetCore.SignalR;

namespace CourseRec.Benchmarks.Pipeline;

/// <summary>
/// Users who watch their lists over WebSockets, and act by turns at a steady rate, one event a request. Latency is
/// what a browser sees: the clock starts just before the POST is sent and stops when the push with a later offset has
/// been read.
/// </summary>
/// <param name="node">The node's address.</param>
/// <param name="users">Users, each watching.</param>
/// <param name="eventsPerSecond">Events a second, over all users.</param>
/// <param name="course">The number of a user's next course, from the one before (−1 at first).</param>
/// <param name="socketOf">The node that a user is connected to; null: all to that one.</param>
internal sealed class WatchedLoad(
    Uri node,
    int users,
    int eventsPerSecond,
    Func<int, Random, int> course,
    Func<string, Uri>? socketOf = null
) : IAsyncDisposable
{
    private const int MostConnections = 64; // As partners do: what waits for an answer would open ever more of them.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private readonly WatchingUser[] _users = [.. Enumerable.Range(0, users).Select(i => new WatchingUser(NameOf(i)))];
    private readonly Random _random = new(1);

    /// <summary>A user's name.</summary>
    public static string NameOf(int user) => $"watch-{user:0000}";

    /// <summary>Connects them all.</summary>
    /// <exception cref="CliException">A connection failed.</exception>
    public Task ConnectAsync(CancellationToken cancel) =>
        GuardAsync(() =>
            Parallel.ForEachAsync(
                _users,
                new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancel },
                async (user, token) => await user.ConnectAsync(socketOf?.Invoke(user.Name) ?? node, token)
            )
        );

    /// <summary>Sends for a while, then waits a little for the last pushes.</summary>
    /// <exception cref="CliException">A connection failed, or the node refused an event.</exception>
    public Task SendAsync(TimeSpan duration, CancellationToken cancel) =>
        GuardAsync(() => SendUnguardedAsync(duration, cancel));

    /// <summary>Forgets what was measured so far.</summary>
    public void Forget()
    {
        foreach (var user in _users)
            user.Forget();
    }

    /// <summary>What was measured of some users; null: of all.</summary>
    public PushResult Read(Func<string, bool>? isOne = null)
    {
        var some = _users.Where(user => isOne?.Invoke(user.Name) ?? true).ToArray();
        var sorted = some.SelectMany(user => user.Latencies).Order().ToArray();
        return new PushResult(
            some.Sum(user => user.Events),
            sorted.Length,
            some.Sum(user => user.Refreshed),
            some.Count(user => user.IsWaiting),
            Percentiles.Of(sorted, 0.5),
            Percentiles.Of(sorted, 0.99),
            Percentiles.Of(sorted, 1)
        );
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var user in _users)
            await user.DisposeAsync();
    }

    private async Task SendUnguardedAsync(TimeSpan duration, CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = MostConnections });
        var target = new Uri(node, "/v1/events");
        var posts = new List<Task>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var watch = Stopwatch.StartNew();
        for (var sent = 0; watch.Elapsed < duration; await timer.WaitForNextTickAsync(cancel))
        {
            for (; sent < watch.Elapsed.TotalSeconds * eventsPerSecond; sent++)
            {
                var user = _users[sent % users];
                posts.Add(user.PostAsync(http, target, user.Course = course(user.Course, _random)));
            }
        }
        await Task.WhenAll(posts);
        for (watch.Restart(); watch.Elapsed < Grace && _users.Any(user => user.IsWaiting); )
            await timer.WaitForNextTickAsync(cancel);
    }

    private async Task GuardAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception e) when (e is WebSocketException or HttpRequestException or IOException or HubException)
        {
            throw new CliException($"The load at {node} failed: {e.Message}", e);
        }
    }
}
