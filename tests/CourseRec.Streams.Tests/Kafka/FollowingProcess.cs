using System.Globalization;
using Akka.Actor;
using Akka.Streams;
using CourseRec.Streams.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Streams.Tests.Kafka;

/// <summary>
/// A real process that follows partitions from their beginning until it is killed, and says what it read.
/// </summary>
internal static class FollowingProcess
{
    /// <summary>Runs in the child: a line “partition offset read” for every record.</summary>
    public static async Task RunAsync(string[] arguments)
    {
        var options = new KafkaLogOptions
        {
            BootstrapServers = arguments[0],
            Topic = arguments[1],
            DeadLetterTopic = arguments[2],
            CatalogueTopic = arguments[3],
            GroupId = arguments[4],
            Client = arguments[6..].Select(a => a.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]),
        };
        var logger = NullLogger<KafkaLog>.Instance;
        await using var log = await KafkaLog.OpenAsync(options, TimeProvider.System, logger, CancellationToken.None);
        using var system = ActorSystem.Create("child");
        var materializer = system.Materializer();
        await Task.WhenAll(arguments[5].Split(',').Select(p => FollowAsync(log, int.Parse(p), materializer)));
    }

    /// <summary>
    /// Starts the child, and kills it (SIGKILL) after so many records. Answers the offsets that it read, by partition.
    /// </summary>
    public static async Task<ILookup<int, long>> RunAndKillAsync(KafkaLogOptions options, int[] partitions, int after)
    {
        string[] arguments =
        [
            typeof(FollowingProcess).Assembly.Location,
            options.BootstrapServers,
            options.Topic,
            options.DeadLetterTopic,
            options.CatalogueTopic,
            options.GroupId,
            string.Join(',', partitions),
            .. options.Client.Select(setting => $"{setting.Key}={setting.Value}"),
        ];
        var lines = await Subprocess.RunAndKillAsync(new("dotnet", arguments), after);
        // The last line may be cut off.
        return lines
            .Select(line => line.Split(' '))
            .Where(words => words is [_, _, "read"])
            .ToLookup(
                words => int.Parse(words[0], CultureInfo.InvariantCulture),
                words => long.Parse(words[1], CultureInfo.InvariantCulture)
            );
    }

    private static Task FollowAsync(KafkaLog log, int partition, IMaterializer materializer) =>
        log.Follow(partition, 0)
            .RunForeach(
                batch =>
                {
                    foreach (var record in batch.ToArray())
                        Console.Out.Write($"{partition} {record.Offset} read\n");
                },
                materializer
            );
}
