using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CourseRec.Actors;
using CourseRec.Actors.Partitions;
using CourseRec.Node.Http;

namespace CourseRec.Benchmarks.Chaos;

/// <summary>
/// A partner platform: twice a second one event of each watched learner and of some others, to a node that runs, and
/// the same again to another node until they are acknowledged. One of them is read back, from another node. (Slow enough that a copy of a request that a frozen
/// node sends when it wakes still finds its ids among the last 32 of a user.)
/// </summary>
internal sealed class Platform(int number, NodeCluster cluster, Ledger ledger, Onlookers onlookers) : IDisposable
{
    /// <summary>Watched learners of each.</summary>
    public const int Watched = 6;

    private const int Others = 40;
    private const int OthersAtATime = 10;
    private const int Courses = 40;
    private const int RequestsToANode = 20;

    /// <summary>Between two requests.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(3) };
    private int _other;
    private int _requests = number * RequestsToANode;

    /// <summary>The learners who are watched.</summary>
    public IReadOnlyList<string> WatchedUsers { get; } =
    [.. Enumerable.Range(0, Watched).Select(i => $"p{number}w{i}")];

    /// <summary>Sends until told to stop; the last request is acknowledged.</summary>
    /// <param name="stop">Ends it in good order.</param>
    /// <param name="giveUp">Ends it at once.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken giveUp)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        while (!stop.IsCancellationRequested && await timer.WaitForNextTickAsync(giveUp))
        {
            string[] users =
            [
                .. WatchedUsers,
                .. Enumerable.Range(_other, OthersAtATime).Select(i => $"p{number}u{i % Others}"),
            ];
            _other += OthersAtATime;
            var versions = await SendAsync(users, giveUp);
            ledger.Accepted(users);
            ReadBack(users[_requests % users.Length], versions);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<IReadOnlyList<PartitionVersion>> SendAsync(string[] users, CancellationToken cancel)
    {
        var body = Body(users);
        for (var node = _requests++ / RequestsToANode; ; node++)
        {
            if (await TrySendAsync(body, users.Length, node, cancel) is { } versions)
                return versions;
            ledger.Retried();
            await Task.Delay(RetryAfter, TimeProvider.System, cancel);
        }
    }

    /// <summary>
    /// Reads an event back from another node than took it. (One that does not run sessions yet names no version.)
    /// </summary>
    private void ReadBack(string user, IReadOnlyList<PartitionVersion> versions)
    {
        var (partition, nodes) = (Partitioner.PartitionOf(user, ChaosBench.Partitions), Nodes());
        if (nodes.Length == 0 || versions.All(v => v.Partition != partition))
            return;
        var version = versions.First(v => v.Partition == partition).Version;
        onlookers.ReadOwn(nodes[(_requests / RequestsToANode + 1) % nodes.Length], user, version);
    }

    private Uri[] Nodes() => [.. cluster.Nodes.Values.Select(n => n.Url).OrderBy(url => url.Port)];

    /// <summary>Null: the node is busy, or away.</summary>
    private async Task<IReadOnlyList<PartitionVersion>?> TrySendAsync(
        byte[] body,
        int events,
        int node,
        CancellationToken cancel
    )
    {
        var nodes = Nodes();
        if (nodes.Length == 0)
            return null;
        try
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = Json } };
            var url = new Uri(nodes[node % nodes.Length], "v1/events");
            using var response = await _http.PostAsync(url, content, cancel);
            if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
                return null;
            var answer = await response.Content.ReadAsByteArrayAsync(cancel);
            return
                response.StatusCode == HttpStatusCode.Accepted
                && JsonSerializer.Deserialize(answer, NodeJson.Readable.EventsAccepted) is { } taken
                && taken.Accepted == events
                ? taken.Versions
                : throw new ProcessException(
                    $"{url} answered {(int)response.StatusCode} to {events} good events: "
                        + $"{System.Text.Encoding.UTF8.GetString(answer)}"
                );
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private byte[] Body(string[] users)
    {
        var now = TimeProvider.System.GetUtcNow();
        return JsonSerializer.SerializeToUtf8Bytes(
            users.Select(user =>
            {
                var number = ledger.AcceptedOf(user);
                return new PlatformEvent(Ledger.IdOf(user, number), user, $"c{number % Courses}", "click", now);
            }),
            JsonSerializerOptions.Web
        );
    }

    private sealed record PlatformEvent(string Id, string User, string Course, string Type, DateTimeOffset Time);
}
