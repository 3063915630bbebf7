using System.CommandLine;
using CourseRec.Actors.Sessions;
using CourseRec.Cli.Targets;

namespace CourseRec.Cli.Sessions;

/// <summary><c>courserec session format</c>: the format that sessions are written in.</summary>
internal static class FormatCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var raise = new Option<bool>("--raise")
        {
            Description =
                "Pin the store to the newest format that this program knows. Only when every node runs this "
                + "program, or a newer one.",
        };
        var (dataDir, cassandra) = (CliOptions.DataDir(), CassandraOption.Create());
        var command = new Command(
            "format",
            "Says which format sessions are written in, on the data folder of a stopped node or in Cassandra. "
                + "Running nodes take a raised one with the next partition that they are assigned."
        )
        {
            raise,
            dataDir,
            cassandra,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var folder = parsed.GetRequiredValue(dataDir);
                var options = EventTargets.OptionsOf(folder, CassandraOption.FlagsOf(parsed, cassandra));
                await using var data = StoppedData.Open(options);
                var pinned =
                    await data.Store.ReadManifestAsync(cancel)
                    ?? throw new CliException("The session store is new: a node pins it at its first start.");
                SessionFormats.Check(pinned);
                if (parsed.GetValue(raise) && pinned.SessionFormat < SessionFormats.Newest)
                {
                    var raised = pinned with { SessionFormat = SessionFormats.Newest };
                    if (!await data.Store.PinAsync(pinned, raised, cancel))
                        throw new CliException("Somebody else has just pinned the session store; look at it again.");
                    pinned = raised;
                }
                Console.WriteLine(
                    $"Sessions are written in format {pinned.SessionFormat}; this program reads "
                        + $"{SessionFormats.Oldest} and {SessionFormats.Newest}."
                );
            }
        );
        return command;
    }
}
