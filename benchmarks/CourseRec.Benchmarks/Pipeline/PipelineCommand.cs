using System.CommandLine;
using System.CommandLine.Parsing;
using CourseRec.Cli;

namespace CourseRec.Benchmarks.Pipeline;

/// <summary><c>courserec bench pipeline</c>: the whole path on this machine.</summary>
internal static class PipelineCommand
{
    private const string Parts = "all, throughput, push, freshness, refresh, memory, handoff or coldstart";

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var json = BenchOutput.Json();
        var seconds = CliOptions.Whole("--seconds", "How long each timed part measures.", 15, 3, 3600);
        var part = new Option<PipelineParts>("--part")
        {
            Description = $"Measure one part alone: {Parts}.",
            HelpName = "part",
            DefaultValueFactory = _ => PipelineParts.All,
            CustomParser = ParsePart,
        };
        var training = new Option<bool>("--training")
        {
            Description = "Let the node learn while throughput and push are measured; it always does for freshness.",
        };
        var command = new Command(
            "pipeline",
            "Measures the whole path with a real node on a temporary folder and the load generator beside it: "
                + "events per second stored, event-to-push latency, bytes a session and an active user, how soon the "
                + "weights that serve have learned from an event, how long a partition's hand-over takes, and how "
                + "soon a node serves."
        )
        {
            json,
            seconds,
            part,
            training,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var report = await PipelineBench.RunAsync(
                    parsed.GetValue(part),
                    TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                    parsed.GetValue(training),
                    BenchOutput.Say,
                    cancel
                );
                BenchOutput.Print(report, parsed.GetValue(json), report.ToTable());
            }
        );
        return command;
    }

    private static PipelineParts ParsePart(ArgumentResult result)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (Enum.TryParse<PipelineParts>(text, ignoreCase: true, out var part) && Enum.IsDefined(part))
            return part;
        result.AddError($"--part is '{text}': it must be {Parts}.");
        return default;
    }
}
