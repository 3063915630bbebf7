using System.Diagnostics;
using Confluent.Kafka;
using CourseRec.Cli;
using CourseRec.Streams.Kafka;

namespace CourseRec.Benchmarks.Kafka;

/// <summary>Confluent.Kafka with its defaults, that reads a topic and does nothing with it.</summary>
internal static class BareConsumer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Records a second, from the first to the last, and processor time for each.</summary>
    public static (double PerSecond, double Microseconds) Measure(
        KafkaLogOptions options,
        int records,
        CancellationToken cancel
    )
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(
            new Dictionary<string, string>(options.Client)
            {
                ["bootstrap.servers"] = options.BootstrapServers,
                ["group.id"] = "courserec-bench",
                ["enable.auto.commit"] = "false",
            }
        ).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(
            Enumerable
                .Range(0, options.Partitions)
                .Select(partition => new TopicPartitionOffset(options.Topic, partition, Offset.Beginning))
        );
        Take(consumer, cancel);
        var (started, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        for (var read = 1; read < records; read++)
            Take(consumer, cancel);
        var elapsed = Stopwatch.GetElapsedTime(started);
        return (
            (records - 1) / elapsed.TotalSeconds,
            (Environment.CpuUsage.TotalTime - used).TotalMicroseconds / records
        );
    }

    private static void Take(IConsumer<byte[], byte[]> consumer, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (consumer.Consume(Patience) is null)
            throw new CliException($"Kafka delivered nothing to the bare consumer in {Patience.TotalSeconds} s.");
    }
}
