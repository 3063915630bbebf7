using System.CommandLine;
using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Cli.Targets;

namespace CourseRec.Cli;

/// <summary><c>courserec generation</c>: after the log was replaced.</summary>
internal static class GenerationCommand
{
    /// <summary>The verb.</summary>
    public static Command Create() => new("generation", "Generations of the log.") { Show(), Open() };

    private static Command Show()
    {
        var dataDir = CliOptions.DataDir();
        var command = new Command(
            "show",
            "Says which log a stopped node's sessions were made from, and the first offset of each partition that "
                + "is not stored."
        )
        {
            dataDir,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var folder = parsed.GetRequiredValue(dataDir);
                await using var data = StoppedData.Open(EventTargets.OptionsOf(folder));
                var pinned =
                    await data.Store.ReadManifestAsync(cancel)
                    ?? throw new CliException($"{folder} has no sessions yet.");
                Console.WriteLine(
                    $"generation {pinned.Generation}: log {pinned.Log.Id}, {pinned.Log.Partitions} partitions"
                );
                for (var partition = 0; partition < pinned.Log.Partitions; partition++)
                    Console.WriteLine($"partition {partition}: {await NextAsync(data, pinned, partition, cancel)}");
            }
        );
        return command;
    }

    private static async Task<string> NextAsync(
        StoppedData data,
        StoreManifest pinned,
        int partition,
        CancellationToken cancel
    ) =>
        (await data.Store.LoadPartitionAsync(partition, cancel)).Checkpoint is { Version: var version }
        && version.Generation == pinned.Generation
            ? $"stored below offset {version.Offset + 1}"
            : "nothing is stored of it";

    private static Command Open()
    {
        var dataDir = CliOptions.DataDir();
        var oldLog = new Option<string?>("--old-log")
        {
            Description = "The file of the old log, to check that it was folded to its end.",
            HelpName = "file",
        };
        var oldTopic = new Option<string?>("--old-topic")
        {
            Description = "The old log's topic in the same Kafka, to check that it was folded to its end.",
            HelpName = "topic",
        };
        var kafka = CliOptions.Kafka();
        var cassandra = CassandraOption.Create();
        var set = CliOptions.Set();
        var abandon = new Option<bool>("--abandon-old")
        {
            Description = "Go on though the old log is gone or was not folded to its end: what was left in it is lost.",
        };
        var command = new Command(
            "open",
            "Opens the next generation, on a stopped node's data folder, after its log was replaced or is to have "
                + "another number of partitions (move log.db away first; in Kafka, make a new topic). Sessions "
                + "stay."
        )
        {
            dataDir,
            oldLog,
            oldTopic,
            cassandra,
            abandon,
            kafka,
            set,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var flags = CliOptions.FlagsOf(parsed, kafka, set);
                flags.AddRange(CassandraOption.FlagsOf(parsed, cassandra));
                await using var data = StoppedData.Open(
                    EventTargets.OptionsOf(parsed.GetRequiredValue(dataDir), flags)
                );
                var pinned = await data.Store.ReadManifestAsync(cancel);
                var old = await OpenOldAsync(data, pinned, parsed.GetValue(oldLog), parsed.GetValue(oldTopic), cancel);
                var opened = await GenerationOpener.OpenAsync(
                    data.Store,
                    await data.OpenLogAsync((pinned?.Generation ?? 0) + 1, cancel),
                    old,
                    parsed.GetValue(abandon),
                    cancel
                );
                Console.WriteLine(
                    $"Generation {opened.Generation} is open: log {opened.Log.Id}, {opened.Log.Partitions} partitions."
                );
            }
        );
        return command;
    }

    private static async Task<IInteractionLog?> OpenOldAsync(
        StoppedData data,
        StoreManifest? pinned,
        string? file,
        string? topic,
        CancellationToken cancel
    )
    {
        if (pinned is null)
            return null;
        if (topic is not null)
            return data.Options.Kafka.BootstrapServers is not null
                ? await data.OpenTopicAsync(topic, pinned.Generation, cancel)
                : throw new CliException("--old-topic needs --kafka, the broker that has the topic.");
        if (file is not null && !File.Exists(file))
            throw new CliException($"{file} does not exist. Name the old log's file with --old-log.");
        return file is null ? null : data.OpenFile(file, pinned.Log.Partitions);
    }
}
