using System.CommandLine;
using CourseRec.Cli.Output;
using CourseRec.Cli.Replay;
using CourseRec.Cli.Targets;
using CourseRec.Training.Data;
using Spectre.Console;

namespace CourseRec.Cli;

/// <summary><c>courserec replay FILE</c>: a data set of enrolments into the log.</summary>
internal static class ReplayCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var file = CliOptions.Interactions();
        var rate = CliOptions.OptionalReal(
            "--rate",
            "Events per second; as fast as they are taken when left out.",
            0.1,
            1e6
        );
        var seed = CliOptions.Whole(
            "--seed",
            "Mixes the users where the file has no times; the same seed gives the same stream.",
            1,
            0,
            int.MaxValue
        );
        var limit = CliOptions.OptionalWhole("--limit", "Stop after this many events.", 1, int.MaxValue);
        var dataDir = CliOptions.DataDir();
        var url = CliOptions.Url();
        var command = new Command(
            "replay",
            "Replays a data set into the log as enrolments, with progress. Each user's order is kept; event times "
                + "lie one second apart and end now."
        )
        {
            file,
            rate,
            seed,
            limit,
            dataDir,
            url,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var data = InteractionDataset.Read(parsed.GetRequiredValue(file));
                await using var target = await EventTargets.OpenAsync(
                    parsed.GetValue(url),
                    parsed.GetRequiredValue(dataDir),
                    cancel
                );
                await RunAsync(
                    data,
                    target,
                    parsed.GetValue(rate),
                    parsed.GetValue(seed),
                    parsed.GetValue(limit),
                    cancel
                );
            }
        );
        return command;
    }

    private static async Task RunAsync(
        InteractionDataset data,
        IEventTarget target,
        double? rate,
        int seed,
        int? limit,
        CancellationToken cancel
    )
    {
        var time = TimeProvider.System;
        var total = Math.Min(limit ?? int.MaxValue, data.Events);
        var events = ReplayStream.Read(data, seed, total, time.GetUtcNow());
        var delivery = new EventDelivery(target, CliConsole.Out, time);
        var summary = await delivery.RunAsync("replay", events, total, rate, cancel);
        summary.Print(
            CliConsole.Out,
            "replay",
            ("users in the file", data.Users.Count),
            ("courses in the file", data.Courses.Count)
        );
    }
}
