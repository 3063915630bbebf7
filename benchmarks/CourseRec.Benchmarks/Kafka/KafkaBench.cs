using System.Diagnostics;
using CourseRec.Benchmarks.Harness;
using CourseRec.Cli;
using CourseRec.Node.Hosting;
using CourseRec.Node.Kafka;
using CourseRec.Node.Options;
using CourseRec.Streams.Kafka;

namespace CourseRec.Benchmarks.Kafka;

/// <summary>
/// The whole path on Kafka (consume, parse, validate, apply, store in SQLite, commit; nothing is judged or trained)
/// beside a bare consumer of the same topic. Each round reads the same events with both, the node fresh each time: a
/// new process, group and data folder.
/// </summary>
internal static class KafkaBench
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Measures.</summary>
    /// <param name="flags">The broker, as a node is told.</param>
    /// <param name="events">How many events, a multiple of <see cref="EventBodies.EventsPerRequest"/>.</param>
    /// <param name="rounds">How often; the figures are medians.</param>
    /// <param name="say">Told what begins.</param>
    /// <param name="cancel">Stops early.</param>
    public static async Task<KafkaReport> RunAsync(
        IReadOnlyList<KeyValuePair<string, string?>> flags,
        int events,
        int rounds,
        Action<string> say,
        CancellationToken cancel
    )
    {
        var topic = $"courserec-bench-{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}";
        var options = NodeOptionsReader.Load([.. flags, new("Kafka:Topic", topic)]);
        if (options.Kafka.BootstrapServers is null)
            throw new CliException("bench kafka needs a broker: --kafka HOST:PORT ('scripts/kafka up' starts one).");
        say($"{events:N0} events into topic {topic}");
        var produced = await TopicFill.ProduceAsync(options, events, cancel);
        var measured = new List<KafkaRound>();
        for (var round = 1; round <= rounds; round++)
        {
            say($"round {round}: a bare consumer");
            var bare = BareConsumer.Measure(KafkaLogs.OptionsOf(options, generation: 1), events, cancel);
            say($"round {round}: a node");
            measured.Add(
                await OnNodeAsync(
                    [
                        .. flags,
                        new("Kafka:Topic", topic),
                        new("Kafka:GroupId", $"{topic}-{round}"),
                        new("Recommend:JudgedShare", "0"),
                    ],
                    bare,
                    events,
                    cancel
                )
            );
        }
        return new(Environment.ProcessorCount, events, produced, measured);
    }

    private static async Task<KafkaRound> OnNodeAsync(
        IEnumerable<KeyValuePair<string, string?>> options,
        (double PerSecond, double Microseconds) bare,
        int events,
        CancellationToken cancel
    )
    {
        var started = Stopwatch.GetTimestamp();
        await using var node = await BenchNode.StartAsync(trains: false, cancel, [.. NodeProcess.FlagsOf(options)]);
        await WhenAsync(node, state => state.Partitions.Sum(p => p.Applied) > 0, cancel);
        var (first, used) = (Stopwatch.GetElapsedTime(started), node.ProcessorTime);
        await WhenAsync(node, state => state.Stored >= events, cancel);
        var all = Stopwatch.GetElapsedTime(started);
        return new(
            bare.PerSecond,
            events / (all - first).TotalSeconds,
            first,
            bare.Microseconds,
            (node.ProcessorTime - used).TotalMicroseconds / events
        );
    }

    private static async Task WhenAsync(
        BenchNode node,
        Func<Cli.Targets.PipelineState, bool> holds,
        CancellationToken cancel
    )
    {
        while (!holds(await node.Target.ReadStateAsync(cancel)))
            await Task.Delay(Poll, TimeProvider.System, cancel);
    }
}
