using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CourseRec.Cli.Targets;

namespace CourseRec.Benchmarks.Chaos;

/// <summary>
/// Clients that read sessions at every node all the time, and do not give up: what was asked of a frozen node is
/// answered when it wakes, if it is. So many questions at most are open at a node.
/// </summary>
internal sealed class Onlookers(Watchers watchers, Ledger ledger, SeenSessions seen) : IDisposable
{
    private const int MostOpen = 150;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(40) };
    private readonly ConcurrentDictionary<Uri, int> _open = [];
    private long _refused;

    /// <summary>Questions that were not answered: refused, or to a node that is away.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Asks every node about one user after another until told to stop.</summary>
    public async Task RunAsync(IReadOnlyList<Uri> nodes, IReadOnlyList<string> users, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        for (var turn = 0; !stop.IsCancellationRequested; turn++)
        {
            foreach (var (i, node) in nodes.Index())
                _ = AskAsync(node, users[(turn + i) % users.Count], after: null);
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
        for (var began = Stopwatch.GetTimestamp(); _open.Values.Sum() > 0; )
        {
            if (Stopwatch.GetElapsedTime(began) > Settling)
                break;
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>
    /// Reads what was just accepted back from a node: all events of the user that the ledger knows are to be in it.
    /// </summary>
    public void ReadOwn(Uri node, string user, long version) => _ = AskAsync(node, user, version);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task AskAsync(Uri node, string user, long? after)
    {
        var least = seen.NewestOf(user).And(new(watchers.Find(user)?.Last?.Offset ?? long.MinValue, 0));
        if (after is not null)
            least = least.And(new(long.MinValue, ledger.AcceptedOf(user)));
        if (_open.AddOrUpdate(node, 1, (_, open) => open + 1) <= MostOpen)
            await AskAsync(node, user, after, least);
        _open.AddOrUpdate(node, 0, (_, open) => open - 1);
    }

    private async Task AskAsync(Uri node, string user, long? after, Seen least)
    {
        var asked = TimeProvider.System.GetUtcNow();
        try
        {
            var json = await _http.GetByteArrayAsync(new Uri(node, PathOf(user, after)));
            var session = HttpAnswers.ReadSession(json);
            var answered = TimeProvider.System.GetUtcNow();
            seen.Answered(
                user,
                least,
                new(session.Offset, session.Applied),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{node.Authority}, asked at {asked:HH:mm:ss.fff}, answered at {answered:HH:mm:ss.fff}"
                )
            );
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            Interlocked.Increment(ref _refused);
        }
    }

    private static string PathOf(string user, long? after) =>
        string.Create(CultureInfo.InvariantCulture, $"v1/users/{user}{(after is null ? "" : $"?after={after}")}");
}
