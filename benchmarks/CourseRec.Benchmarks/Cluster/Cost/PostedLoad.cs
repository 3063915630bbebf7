using System.Diagnostics;
using System.Net.Http.Headers;

namespace CourseRec.Benchmarks.Cluster.Cost;

/// <summary>A closed loop of connections that post arrays of 1,000 events, to one node after another.</summary>
internal static class PostedLoad
{
    private const int Connections = 4;
    private const int FirstConnection = 100; // other ids than those of the topic's first events
    private const int Users = 100_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Events a second that were accepted (202) in the second half of the time. Each half lasts until some were, but no
    /// longer than a minute.
    /// </summary>
    public static async Task<double> RunAsync(Uri[] nodes, TimeSpan duration, CancellationToken cancel)
    {
        var accepted = 0L;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var load = Enumerable.Range(0, Connections).Select(i => PostAsync(i, stop.Token)).ToArray();
        await HalfAsync();
        var (began, before) = (Stopwatch.GetTimestamp(), Interlocked.Read(ref accepted));
        await HalfAsync();
        var perSecond = (Interlocked.Read(ref accepted) - before) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        await stop.CancelAsync();
        await Task.WhenAll(load);
        return perSecond;

        async Task HalfAsync()
        {
            var (began, already) = (Stopwatch.GetTimestamp(), Interlocked.Read(ref accepted));
            do await Task.Delay(duration / 2, TimeProvider.System, cancel);
            while (Interlocked.Read(ref accepted) == already && Stopwatch.GetElapsedTime(began) < Limit);
        }

        async Task PostAsync(int connection, CancellationToken stopped)
        {
            using var http = new HttpClient();
            var bodies = new EventBodies(FirstConnection + connection, Users, TimeProvider.System.GetUtcNow());
            for (var turn = connection; !stopped.IsCancellationRequested; turn++)
            {
                using var content = new ReadOnlyMemoryContent(bodies.Next());
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                var target = new Uri(nodes[turn % nodes.Length], "/v1/events");
                using var response = await http.PostAsync(target, content, CancellationToken.None);
                if (response.IsSuccessStatusCode)
                    Interlocked.Add(ref accepted, EventBodies.EventsPerRequest);
                else
                    await Task.Delay(
                        response.Headers.RetryAfter?.Delta ?? TimeSpan.FromMilliseconds(100),
                        TimeProvider.System,
                        CancellationToken.None
                    );
            }
        }
    }
}
