using System.Diagnostics;
using CourseRec.Actors.Intake;
using CourseRec.Cli;
using CourseRec.Node.Kafka;
using CourseRec.Node.Options;

namespace CourseRec.Benchmarks.Kafka;

/// <summary>Events of 100,000 users into a topic, through the intake as a node has it.</summary>
internal static class TopicFill
{
    private const int Users = 100_000;
    private const int Producers = 4;

    /// <summary>Produces; answers how many a second (acks=all).</summary>
    /// <param name="options">The broker and the topic.</param>
    /// <param name="events">How many, a multiple of <see cref="EventBodies.EventsPerRequest"/>.</param>
    /// <param name="cancel">Stops early.</param>
    public static async Task<double> ProduceAsync(NodeOptions options, int events, CancellationToken cancel)
    {
        await using var log = await OpenedLog.OpenKafkaAsync(KafkaLogs.OptionsOf(options, generation: 1), cancel);
        using var intake = new InteractionIntake(log, TimeProvider.System);
        var left = events / EventBodies.EventsPerRequest;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(1, Producers).Select(i => Task.Run(() => SendAsync(i), cancel)));
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;

        async Task SendAsync(int producer)
        {
            var bodies = new EventBodies(producer, Users, TimeProvider.System.GetUtcNow());
            while (Interlocked.Decrement(ref left) >= 0)
                await intake.AcceptAsync(bodies.Next(), onlyUser: null, cancel);
        }
    }
}
