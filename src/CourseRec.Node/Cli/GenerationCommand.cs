using System.CommandLine;
using CourseRec.Actors;
using CourseRec.Node.Cli.Targets;
using CourseRec.Streams.Embedded;

namespace CourseRec.Node.Cli;

/// <summary><c>courserec generation</c>: after the log was replaced.</summary>
internal static class GenerationCommand
{
    /// <summary>The verb.</summary>
    public static Command Create() => new("generation", "Generations of the log.") { Open() };

    private static Command Open()
    {
        var dataDir = CliOptions.DataDir();
        var oldLog = new Option<string?>("--old-log")
        {
            Description = "The file of the old log, to check that it was folded to its end.",
            HelpName = "file",
        };
        var cassandra = CassandraOption.Create();
        var abandon = new Option<bool>("--abandon-old")
        {
            Description = "Go on though the old log is gone or was not folded to its end: what was left in it is lost.",
        };
        var command = new Command(
            "open",
            "Opens the next generation, on a stopped node's data folder, after its log was replaced or is to have another number of partitions (move log.db away first). Sessions stay."
        )
        {
            dataDir,
            oldLog,
            cassandra,
            abandon,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                await using var data = StoppedData.Open(
                    EventTargets.OptionsOf(parsed.GetRequiredValue(dataDir), CassandraOption.FlagsOf(parsed, cassandra))
                );
                var old = await OpenOldAsync(data, parsed.GetValue(oldLog), cancel);
                var opened = await GenerationOpener.OpenAsync(
                    data.Store,
                    data.OpenLog(),
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

    private static async Task<EmbeddedLog?> OpenOldAsync(StoppedData data, string? path, CancellationToken cancel)
    {
        if (path is null || await data.Store.ReadManifestAsync(cancel) is not { } pinned)
            return null;
        return File.Exists(path)
            ? data.OpenLog(path, pinned.Log.Partitions)
            : throw new CliException($"{path} does not exist. Name the old log's file with --old-log.");
    }
}
