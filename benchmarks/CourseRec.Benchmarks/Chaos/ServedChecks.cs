using System.Diagnostics;
using System.Net;
using System.Text.Json;
using CourseRec.Actors.Partitions;
using CourseRec.Node.Cluster;
using CourseRec.Node.Http;
using CourseRec.Node.Push;

namespace CourseRec.Benchmarks.Chaos;

/// <summary>
/// What must hold of the nodes once the load has ended: what each answers, against the ledger and the browsers.
/// </summary>
internal sealed class ServedChecks(NodeCluster cluster, Ledger ledger, Watchers watchers) : IDisposable
{
    private const int AtATime = 8;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly long _began = Stopwatch.GetTimestamp();

    /// <summary>Looks. Answers what does not hold, a line each.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancel)
    {
        var findings = new List<string?>();
        await Parallel.ForEachAsync(
            ledger.Users.Order(),
            new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancel },
            async (user, token) =>
            {
                var found = await FindAsync(user, token);
                lock (findings)
                    findings.AddRange(found);
            }
        );
        return [.. findings.OfType<string>().Order()];
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<string?[]> FindAsync(string user, CancellationToken cancel)
    {
        var nodes = cluster.Nodes.Values.Select(node => node.Url).ToArray();
        var accepted = ledger.AcceptedOf(user);
        SessionView? session = null;
        if (
            !await BecomesAsync(
                async () => (session = await ReadAsync(nodes[0], user, cancel))?.Applied == accepted,
                cancel
            )
        )
            return
            [
                $"{user}: {accepted} events accepted, {session?.Applied.ToString() ?? "no answer of how many are"} applied",
            ];
        string[] owners = [];
        var isOne = await BecomesAsync(
            async () => (owners = await OwnersAsync(nodes, user, cancel)).Length == 1,
            cancel
        );
        var watched = watchers.Users.FirstOrDefault(watched => watched.Name == user);
        var isSeen =
            watched is null
            || await BecomesAsync(() => Task.FromResult(watched.Last?.Offset == session!.Offset), cancel);
        return
        [
            isOne ? null : $"{user}: served by {owners.Length} nodes ({string.Join(' ', owners)})",
            isSeen ? null : $"{user}: the session is at offset {session!.Offset}, the browser is not: {watched!.Story}",
            watched?.WentBack,
        ];
    }

    private async Task<bool> BecomesAsync(Func<Task<bool>> holds, CancellationToken cancel)
    {
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(_began) > Limit)
                return false;
            await Task.Delay(Poll, TimeProvider.System, cancel);
        }
        return true;
    }

    private async Task<SessionView?> ReadAsync(Uri node, string user, CancellationToken cancel)
    {
        try
        {
            var json = await _http.GetByteArrayAsync(new Uri(node, $"v1/users/{user}"), cancel);
            return JsonSerializer.Deserialize(json, NodeJson.Readable.SessionView);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>The nodes that say that they serve a user, asked as nodes ask one another.</summary>
    private async Task<string[]> OwnersAsync(Uri[] nodes, string user, CancellationToken cancel)
    {
        var answers = await Task.WhenAll(nodes.Select(node => ServesAsync(node, user, cancel)));
        return [.. nodes.Where((_, i) => answers[i]).Select(node => node.Authority)];
    }

    private async Task<bool> ServesAsync(Uri node, string user, CancellationToken cancel)
    {
        using var question = new HttpRequestMessage(HttpMethod.Head, new Uri(node, PushEndpoints.AddressOf(user)));
        question.Headers.Add(PushEndpoints.ForwardedBy, "bench chaos");
        using var answer = await _http.SendAsync(question, cancel);
        return answer.StatusCode == HttpStatusCode.NoContent;
    }
}
