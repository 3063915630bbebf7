using System.CommandLine;
using CourseRec.Cli;
using CourseRec.Cli.Output;
using Spectre.Console;

namespace CourseRec.Benchmarks.Model;

/// <summary><c>courserec bench model</c>: the sequential model beside PyTorch.</summary>
internal static class ModelCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var json = BenchOutput.Json();
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
                    BenchOutput.Say,
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
        BenchOutput.Print(report, json, report.ToTable());
        foreach (var problem in new[] { report.PyTorchProblem, report.TrainingProblem })
            if (problem is not null && !json)
                CliConsole.Out.WriteLine(problem);
        if (report.Disagreement is { } disagreement)
            throw new CliException(disagreement);
    }
}
