using System.Diagnostics;
using CourseRec.Actors.Partitions;
using CourseRec.Cli.Targets;

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
        SessionView?[] answers = [];
        var isSame = await BecomesAsync(
            async () =>
            {
                answers = await Task.WhenAll(nodes.Select(node => ReadAsync(node, user, cancel)));
                return answers.All(answer =>
                    answer is not null && answer.Applied == accepted && answer.Version == answers[0]!.Version
                );
            },
            cancel
        );
        if (!isSame)
            return [$"{user}: {accepted} events accepted; {string.Join(", ", nodes.Zip(answers, Describe))}"];
        var offset = answers[0]!.Offset;
        var watched = watchers.Users.FirstOrDefault(watched => watched.Name == user);
        var isSeen =
            watched is null || await BecomesAsync(() => Task.FromResult(watched.Last?.Offset == offset), cancel);
        return
        [
            isSeen ? null : $"{user}: the session is at offset {offset}, the browser is not: {watched!.Story}",
            watched?.WentBack,
        ];
    }

    private static string Describe(Uri node, SessionView? answer) =>
        answer is null
            ? $"{node.Authority} does not answer"
            : $"{node.Authority} has {answer.Applied} at version {answer.Version}";

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
            return HttpAnswers.ReadSession(await _http.GetByteArrayAsync(new Uri(node, $"v1/users/{user}"), cancel));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }
}
