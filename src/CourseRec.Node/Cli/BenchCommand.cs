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
    public static Command Create() =>
        new("bench", "Measures CourseRec on this machine.")
        {
            Pipeline(),
            Model(),
            BenchOnlineCommand.Create(),
            BenchCassandraCommand.Create(),
            BenchKafkaCommand.Create(),
            BenchClusterCommand.Create(),
            BenchChaosCommand.Create(),
        };

    private static Command Pipeline()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON instead of a table." };
        var seconds = CliOptions.Whole("--seconds", "How long each timed part measures.", 15, 3, 3600);
        var part = new Option<PipelineParts>("--part")
        {
            Description = "Measure one part alone: all, throughput, push, freshness or memory.",
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
                + "events per second stored, event-to-push latency, bytes a session, and how soon the weights that "
                + "serve have learned from an event."
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

    private static Command Model()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON instead of a table." };
        var quick = new Option<bool>("--quick")
        {
            Description =
                "Everything once with a tenth of the courses, in seconds: shows that it works, its figures mean "
                + "little.",
        };
        var python = new Option<string>("--python")
        {
            Description = "The Python whose PyTorch is compared with.",
            HelpName = "path",
            DefaultValueFactory = _ => ModelBench.DefaultPython,
        };
        var command = new Command(
            "model",
            "Measures the sequential model side by side with plain PyTorch: ranking, training and online steps at "
                + "20,000 courses."
        )
        {
            json,
            quick,
            python,
        };
        command.SetAction(
            (parsed, cancel) =>
            {
                var report = ModelBench.Run(
                    parsed.GetValue(quick) ? ModelBenchPlan.Quick : ModelBenchPlan.Full,
                    parsed.GetRequiredValue(python),
                    what => Console.Error.WriteLine($"Measuring {what} …"),
                    cancel
                );
                Print(report, parsed.GetValue(json));
                return Task.CompletedTask;
            }
        );
        return command;
    }

    private static void Print(ModelReport report, bool json)
    {
        if (json)
            Console.WriteLine(report.ToJson());
        else
        {
            CliConsole.Out.Write(report.ToTable());
            foreach (var problem in new[] { report.PyTorchProblem, report.TrainingProblem })
                if (problem is not null)
                    CliConsole.Out.WriteLine(problem);
        }
        if (report.Disagreement is { } disagreement)
            throw new CliException(disagreement);
    }

    private static PipelineParts ParsePart(ArgumentResult result)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (Enum.TryParse<PipelineParts>(text, ignoreCase: true, out var part) && Enum.IsDefined(part))
            return part;
        result.AddError($"--part is '{text}': it must be all, throughput, push, freshness or memory.");
        return default;
    }
}
