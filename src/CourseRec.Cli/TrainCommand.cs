using System.CommandLine;
using CourseRec.Cli.Evaluation;
using CourseRec.Cli.Output;
using CourseRec.Cli.Training;
using CourseRec.Models.Sequential;
using CourseRec.Training.Data;
using CourseRec.Training.Evaluation;
using CourseRec.Training.Native;

namespace CourseRec.Cli;

/// <summary><c>courserec train FILE</c>: a sequential model from a data set.</summary>
internal static class TrainCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var command = new Command(
            "train",
            "Trains a sequential model. Each user's last course is the test, the one before it the validation that "
                + "chooses the best; neither is learned from. "
                + "What is not given follows from the data's size. Ctrl-C keeps the training's state."
        );
        TrainOptions.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(TrainOptions.Read(parsed), cancel));
        return command;
    }

    private static async Task RunAsync(TrainSettings settings, CancellationToken cancel)
    {
        var split = new LeaveOneOut(InteractionDataset.Read(settings.File));
        split.Validate(settings.File);
        if (TrainingRuntime.Problem is { } problem)
            throw new CliException(problem);
        try
        {
            var model = await new TrainingJob(settings, split, CliConsole.Error).RunAsync(cancel);
            await ShowAsync(model, settings, split, cancel);
        }
        catch (OperationCanceledException) when (File.Exists(settings.Target.CheckpointPath))
        {
            await Console.Error.WriteLineAsync(
                $"Stopped: {settings.Target.CheckpointPath} has the training's state; go on with --resume."
            );
            throw;
        }
    }

    private static async Task ShowAsync(
        SavedSequentialModel model,
        TrainSettings settings,
        LeaveOneOut split,
        CancellationToken cancel
    )
    {
        TrainingSummary.Print(CliConsole.Out, model, settings);
        var contender = new SequentialContender(new(model.Parameters, model.Version), split.Data.Courses);
        var options = new EvaluationOptions { Seed = settings.Seed };
        var run = new EvaluationRun(split, options, CliConsole.Error);
        EvaluationTables.Print(
            CliConsole.Out,
            await run.ReportAsync(settings.File, [(contender.Name, contender)], cancel)
        );
    }
}
