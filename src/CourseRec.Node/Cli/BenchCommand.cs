using System.CommandLine;
using CourseRec.Node.Bench;
using CourseRec.Node.Cli.Output;
using Spectre.Console;

namespace CourseRec.Node.Cli;

/// <summary><c>courserec bench</c>: measures this machine.</summary>
internal static class BenchCommand
{
    /// <summary>The verb.</summary>
    public static Command Create() => new("bench", "Measures CourseRec on this machine.") { Pipeline() };

    private static Command Pipeline()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON instead of a table." };
        var seconds = CliOptions.Whole("--seconds", "How long each timed part measures.", 15, 3, 3600);
        var part = new Option<string>("--part")
        {
            Description = "Measure one part alone.",
            DefaultValueFactory = _ => "all",
        };
        part.AcceptOnlyFromAmong("all", "throughput", "push", "memory");
        var command = new Command(
            "pipeline",
            "Measures the whole path with a real node on a temporary folder and the load generator beside it: events per second stored, event-to-push latency, bytes a session."
        )
        {
            json,
            seconds,
            part,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var report = await PipelineBench.RunAsync(
                    Enum.Parse<PipelineParts>(parsed.GetRequiredValue(part), ignoreCase: true),
                    TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                    what => Console.Error.WriteLine($"Measuring {what} …"),
                    cancel
                );
                if (parsed.GetValue(json))
                    Console.WriteLine(report.ToJson());
                else
                    CliConsole.Out.Write(report.ToTable());
            }
        );
        return command;
    }
}
