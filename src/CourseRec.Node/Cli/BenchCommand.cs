using System.CommandLine;
using System.CommandLine.Parsing;
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
        var part = new Option<PipelineParts>("--part")
        {
            Description = "Measure one part alone: all, throughput, push or memory.",
            HelpName = "part",
            DefaultValueFactory = _ => PipelineParts.All,
            CustomParser = ParsePart,
        };
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
                    parsed.GetValue(part),
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

    private static PipelineParts ParsePart(ArgumentResult result)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (Enum.TryParse<PipelineParts>(text, ignoreCase: true, out var part) && Enum.IsDefined(part))
            return part;
        result.AddError($"--part is '{text}': it must be all, throughput, push or memory.");
        return default;
    }
}
