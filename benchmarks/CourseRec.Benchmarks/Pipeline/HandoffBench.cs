using System.Diagnostics;
using CourseRec.Actors;
using CourseRec.Benchmarks.Harness;
using CourseRec.Cli;

namespace CourseRec.Benchmarks.Pipeline;

/// <summary>
/// A partition with 100,000 users at rest and 5,000 active ones goes from one node to another, as when a node leaves:
/// two nodes of a cluster in this process, over one log and store. The resting ones were last seen before what is read
/// again at a start, a minute; the active ones did 60,000 things in it, and have just done one that is not stored yet.
/// </summary>
internal static class HandoffBench
{
    private const int Resting = 100_000;
    private const int Active = 5_000;
    private const int EventsAUser = 5;
    private const int EventsInTheLastMinute = 12;
    private static readonly TimeSpan LongAgo = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);

    /// <summary>Measures.</summary>
    public static async Task<HandoffResult> RunAsync(CancellationToken cancel)
    {
        using var folder = new TemporaryFolder();
        await using var storage = new BenchStorage(folder, partitions: 1);
        var (first, second) = (FreePorts.One(), FreePorts.One());
        await using var a = await BenchHost.StartClusteredAsync(storage, "a", first, first, cancel);
        await using var b = await BenchHost.StartClusteredAsync(storage, "b", second, first, cancel);
        while (!a.Sessions.Serves(0) && !b.Sessions.Serves(0))
            await Task.Delay(Poll, TimeProvider.System, cancel);
        var (source, target) = a.Sessions.Serves(0) ? (a, b) : (b, a);
        string[] users = [.. Enumerable.Range(0, Resting + Active).Select(i => $"learner-{i}")];
        await source.FillAsync(users, EventsAUser, LongAgo, cancel);
        await source.FillAsync(users[Resting..], EventsInTheLastMinute - 1, TimeSpan.Zero, cancel);
        await storage.FillAsync(users[Resting..], 1, TimeSpan.Zero, cancel);
        while (source.Sessions.Shards[0].Lag > 0)
            await Task.Delay(Poll, TimeProvider.System, cancel);

        var (began, unstored) = (Stopwatch.GetTimestamp(), source.Sessions.Shards[0]);
        var leaving = source.Sessions.StopAsync(cancel);
        var answers = await AskAsync(target, users[^1], began, cancel);
        await leaving;
        var left = Stopwatch.GetElapsedTime(began);
        await CheckAsync(target, users, cancel);
        return new(
            Resting,
            Active,
            unstored.Applied - unstored.Stored,
            answers.Min(answer => answer.At.TotalSeconds),
            answers.Max(answer => answer.Took.TotalSeconds),
            left.TotalSeconds
        );
    }

    /// <summary>Questions all the time, until one is answered, and the rest of them are.</summary>
    private static async Task<(TimeSpan At, TimeSpan Took)[]> AskAsync(
        BenchHost target,
        string user,
        long began,
        CancellationToken cancel
    )
    {
        var asked = new List<Task<(TimeSpan At, TimeSpan Took)>>();
        using var timer = new PeriodicTimer(Between, TimeProvider.System);
        do asked.Add(OneAsync());
        while (!asked.Exists(question => question.IsCompleted) && await timer.WaitForNextTickAsync(cancel));
        return await Task.WhenAll(asked);

        async Task<(TimeSpan, TimeSpan)> OneAsync()
        {
            var at = Stopwatch.GetTimestamp();
            await target.Sessions.GetSessionAsync(user, LogVersion.None, cancel);
            return (Stopwatch.GetElapsedTime(began), Stopwatch.GetElapsedTime(at));
        }
    }

    private static async Task CheckAsync(BenchHost target, string[] users, CancellationToken cancel)
    {
        foreach (var (i, user) in users.Index().Where(user => user.Index % 100 == 0))
        {
            var (applied, due) = (
                (await target.Sessions.GetSessionAsync(user, LogVersion.None, cancel)).Applied,
                EventsAUser
            );
            if (applied != (i < Resting ? due : due + EventsInTheLastMinute))
                throw new CliException(
                    $"{user} has {applied} events after the hand-over, {due} are due, or {EventsInTheLastMinute} more."
                );
        }
    }
}

/// <summary>A hand-over.</summary>
/// <param name="Resting">Users at rest.</param>
/// <param name="Active">Active users.</param>
/// <param name="Unstored">Records that were folded and not stored when it began.</param>
/// <param name="ServedSeconds">From the beginning of the drain to the first answer of the other node.</param>
/// <param name="SlowestSeconds">The slowest answer to a question that was asked meanwhile.</param>
/// <param name="LeftSeconds">From the same until the one that left had ended.</param>
internal sealed record HandoffResult(
    int Resting,
    int Active,
    long Unstored,
    double ServedSeconds,
    double SlowestSeconds,
    double LeftSeconds
);
