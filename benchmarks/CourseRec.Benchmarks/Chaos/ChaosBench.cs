using System.Diagnostics;
using CourseRec.Benchmarks.Harness;

namespace CourseRec.Benchmarks.Chaos;

/// <summary>
/// <c>bench chaos</c>: three nodes on a Kafka and a Cassandra of their own, platforms that send events all the time,
/// browsers that watch. Nodes and servers are killed, stopped, frozen and started again as a schedule says. In the end
/// everything is compared with what the platforms know.
/// </summary>
internal static class ChaosBench
{
    /// <summary>Partitions of the topic.</summary>
    public const int Partitions = 8;

    private const string Topic = "interactions";

    /// <summary>Runs a schedule.</summary>
    /// <param name="seed">Its seed, for the report.</param>
    /// <param name="schedule">What is done, one after the other.</param>
    /// <param name="duration">No action begins later than this.</param>
    /// <param name="say">Told what happens.</param>
    /// <param name="cancel">Stops early.</param>
    public static async Task<ChaosReport> RunAsync(
        int seed,
        IReadOnlyList<ChaosAction> schedule,
        TimeSpan duration,
        Action<string> say,
        CancellationToken cancel
    )
    {
        await using var watchers = Watchers.Start();
        var folder = Directory.CreateTempSubdirectory("courserec-chaos-").FullName;
        var isKept = false;
        try
        {
            say("Starting Kafka, Cassandra and three nodes");
            await using var servers = await LocalServers.StartAsync(folder, cancel);
            await servers.Kafka.CreateTopicAsync(Topic, Partitions, cancel);
            await using var cluster = new NodeCluster(
                folder,
                [.. servers.NodeFlags, "--no-training"],
                new()
                {
                    Seeds = ChaosSchedule.Nodes,
                    Supervises = true,
                    CanBeCut = schedule.Any(action => action.Kind == ChaosKind.Cut),
                }
            );
            using var trial = new ChaosTrial(servers, cluster, watchers, say);
            var report = await RunAsync(trial, seed, schedule, duration, cancel);
            isKept = report.Findings.Count > 0;
            return report;
        }
        catch (ProcessException)
        {
            isKept = true;
            throw;
        }
        finally
        {
            if (isKept)
                say($"What the nodes said: {folder}/*/{NodeCluster.LogName}");
            else
                Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<ChaosReport> RunAsync(
        ChaosTrial trial,
        int seed,
        IReadOnlyList<ChaosAction> schedule,
        TimeSpan duration,
        CancellationToken cancel
    )
    {
        await trial.StartAsync(cancel);
        var began = Stopwatch.GetTimestamp();
        await trial.DisturbAsync(schedule, duration, cancel);
        var took = Stopwatch.GetElapsedTime(began);
        var stored = await trial.EndAsync(cancel);
        return new(
            seed,
            took,
            trial.WatchedUsers,
            trial.Disturbances,
            trial.Ledger.Events,
            trial.Ledger.Retries,
            trial.Reads,
            trial.ReadsRefused,
            stored,
            trial.Findings
        );
    }
}
