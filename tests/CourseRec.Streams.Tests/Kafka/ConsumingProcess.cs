using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CourseRec.Actors.Ports;
using CourseRec.Streams.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Streams.Tests.Kafka;

/// <summary>
/// A member of the consumer group in a process of its own, which can be halted; it says what it knows as it goes.
/// </summary>
internal sealed class ConsumingProcess : IDisposable
{
    private readonly Process _child;

    public ConsumingProcess(KafkaLogOptions options)
    {
        string[] arguments =
        [
            typeof(ConsumingProcess).Assembly.Location,
            options.BootstrapServers,
            options.Topic,
            options.DeadLetterTopic,
            options.CatalogueTopic,
            options.GroupId,
            .. options.Client.Select(setting => $"{setting.Key}={setting.Value}"),
        ];
        _child = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        _child.OutputDataReceived += (_, line) => Read(line.Data);
        _child.BeginOutputReadLine();
    }

    /// <summary>When which partition was proven to be its own.</summary>
    public ConcurrentQueue<(long At, int Partition)> Proven { get; } = new();

    /// <summary>What was released, as “partition reason”.</summary>
    public ConcurrentQueue<string> Released { get; } = new();

    /// <summary>
    /// In the child: a line for every release, and some hundred times a second one for every partition proven.
    /// </summary>
    public static async Task RunAsync(string[] arguments)
    {
        var options = new KafkaLogOptions
        {
            BootstrapServers = arguments[0],
            Topic = arguments[1],
            DeadLetterTopic = arguments[2],
            CatalogueTopic = arguments[3],
            GroupId = arguments[4],
            Client = arguments[5..].Select(a => a.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]),
        };
        var log = await KafkaLog.OpenAsync(
            options,
            TimeProvider.System,
            NullLogger<KafkaLog>.Instance,
            CancellationToken.None
        );
        var consuming = log.ConsumeAsync(new Teller(), CancellationToken.None);
        while (!consuming.IsCompleted)
        {
            await ProvenIn(log, (at, partition) => Console.WriteLine($"proven {at} {partition}"));
        }
        await consuming;
    }

    /// <summary>Looks once which partitions are proven, and waits a little.</summary>
    public static Task ProvenIn(IInteractionLog log, Action<long, int> note)
    {
        for (var partition = 0; partition < log.Identity.Partitions; partition++)
        {
            var at = TimeProvider.System.GetTimestamp();
            if (log.IsOwnershipProven(partition))
                note(at, partition);
        }
        return Task.Delay(TimeSpan.FromMilliseconds(4), TimeProvider.System);
    }

    public void Freeze() => Signals.Send(_child.Id, Signals.Freeze);

    public void Thaw() => Signals.Send(_child.Id, Signals.Thaw);

    public void Dispose()
    {
        _child.Kill();
        _child.WaitForExit();
        _child.Dispose();
    }

    private void Read(string? line)
    {
        switch (line?.Split(' '))
        {
            case ["proven", var at, var partition]:
                Proven.Enqueue((long.Parse(at, CultureInfo.InvariantCulture), partition[0] - '0'));
                break;
            case ["released", var partition, var reason]:
                Released.Enqueue($"{partition} {reason}");
                break;
        }
    }

    private sealed class Teller : ILogConsumer
    {
        public ValueTask<long> OnAssignedAsync(int partition, OffsetRange range, CancellationToken cancel) =>
            new(range.First);

        public ValueTask OnRecordsAsync(int partition, ReadOnlyMemory<LogRecord> records, CancellationToken cancel) =>
            ValueTask.CompletedTask;

        public ValueTask OnReleasedAsync(int partition, ReleaseReason reason, CancellationToken cancel)
        {
            Console.WriteLine($"released {partition} {reason}");
            return ValueTask.CompletedTask;
        }
    }
}
