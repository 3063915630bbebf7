using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CourseRec.Actors.Partitions;
using CourseRec.Benchmarks.Harness;
using CourseRec.Node.Http;

namespace CourseRec.Benchmarks.Pipeline;

/// <summary>
/// From the start of a node's process on an empty folder: the embedded one as it comes, to the first event that is
/// accepted and read back; and one with 1,000 partitions, until all of them are served.
/// </summary>
internal static class ColdstartBench
{
    private const int Partitions = 1_000;
    private const int Rounds = 3;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    /// <summary>Measures; the figures are medians.</summary>
    public static async Task<ColdstartResult> RunAsync(CancellationToken cancel)
    {
        var (accepted, read, all) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            await using var node = await BenchNode.StartAsync(trains: true, cancel);
            using var http = new HttpClient { BaseAddress = node.Url };
            var taken = await FirstEventAsync(http, cancel);
            accepted.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            await ReadAsync(http, taken.Versions[0].Version, cancel);
            read.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
        for (var round = 0; round < Rounds; round++)
            all.Add(await AllServedAsync(cancel));
        return new(Partitions, Percentiles.Median(accepted), Percentiles.Median(read), Percentiles.Median(all));
    }

    private static async Task<EventsAccepted> FirstEventAsync(HttpClient http, CancellationToken cancel)
    {
        while (true)
        {
            using var answer = await http.PostAsJsonAsync(
                "v1/events",
                new
                {
                    user = "first",
                    course = "c1",
                    type = "click",
                },
                cancel
            );
            if (answer.StatusCode == HttpStatusCode.Accepted)
                return JsonSerializer.Deserialize(
                    await answer.Content.ReadAsByteArrayAsync(cancel),
                    NodeJson.Readable.EventsAccepted
                )!;
            await Task.Delay(Poll, TimeProvider.System, cancel);
        }
    }

    private static async Task ReadAsync(HttpClient http, long version, CancellationToken cancel)
    {
        while (true)
        {
            using var answer = await http.GetAsync(
                new Uri($"v1/users/first?after={version}", UriKind.Relative),
                cancel
            );
            if (answer.IsSuccessStatusCode)
                return;
            await Task.Delay(Poll, TimeProvider.System, cancel);
        }
    }

    private static async Task<double> AllServedAsync(CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        await using var node = await BenchNode.StartAsync(false, cancel, "--set", $"Log:Partitions={Partitions}");
        while (await ServedAsync(node, cancel) < Partitions)
            await Task.Delay(Poll, TimeProvider.System, cancel);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task<int> ServedAsync(BenchNode node, CancellationToken cancel)
    {
        var live = JsonSerializer.Deserialize(
            await node.Target.GetAsync("v1/live", cancel),
            NodeJson.Readable.LiveFigures
        )!;
        return live.Lag.Count(partition => partition.State == PartitionState.Running);
    }
}

/// <summary>Starts.</summary>
/// <param name="Partitions">Partitions of the second node.</param>
/// <param name="FirstAcceptedSeconds">From the process's start to the first event's acceptance.</param>
/// <param name="FirstReadSeconds">The same until the event was read back from its session.</param>
/// <param name="AllServedSeconds">From the second one's start until all of its partitions are served.</param>
internal sealed record ColdstartResult(
    int Partitions,
    double FirstAcceptedSeconds,
    double FirstReadSeconds,
    double AllServedSeconds
);
