using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CourseRec.Cli.Output;
using CourseRec.Models.Sequential;
using CourseRec.Training.Batch;
using CourseRec.Training.Evaluation;
using CourseRec.Training.Native;
using Spectre.Console;

namespace CourseRec.Cli.Training;

/// <summary>One training from data to a model file: learns from the training part, keeps what validates best.</summary>
internal sealed class TrainingJob(TrainSettings settings, LeaveOneOut split, IAnsiConsole console)
{
    /// <summary>
    /// Validation judges at most this many users: their mean is within ±0.003 (one standard error) then.
    /// </summary>
    private const int ValidationUsers = 20_000;

    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(30);

    /// <summary>Trains and writes the model.</summary>
    /// <exception cref="TrainingException">libtorch failed.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; the checkpoint is written.</exception>
    public async Task<SavedSequentialModel> RunAsync(CancellationToken cancel)
    {
        var plan = TrainingPlan.Make(settings, split);
        var trainer = Trainer(plan);
        if (!settings.Target.Resumes)
            File.Delete(settings.Target.CheckpointPath);
        var status = new TrainingStatus();
        var work = Task.Run(() => trainer.Train(p => Validate(p, plan, cancel), status.Report, cancel), cancel);
        await new ProgressDisplay(console, TimeProvider.System, LineInterval).RunAsync("train", status.Read, work);
        var outcome = await work;
        var model = Describe(outcome, plan);
        SequentialModelFile.Write(settings.Target.Path, model);
        if (outcome.End == TrainingEnd.Patience)
            File.Delete(settings.Target.CheckpointPath);
        return model;
    }

    private BatchTrainer Trainer(TrainingPlan plan)
    {
        try
        {
            return new(plan.Config, split.Data.Courses, Sequences(), plan.Options, TimeProvider.System);
        }
        catch (ArgumentException e)
        {
            throw new CliException($"{settings.File}: {e.Message}", e);
        }
    }

    /// <summary>Rows 1 … V of every user's training part.</summary>
    private int[][] Sequences() =>
        [
            .. Enumerable
                .Range(0, split.Data.Users.Count)
                .Select(user => Array.ConvertAll(split.Training(user).ToArray(), course => course + 1)),
        ];

    private double Validate(SequentialParameters parameters, TrainingPlan plan, CancellationToken cancel)
    {
        var contender = new SequentialContender(new(parameters, "validated"), split.Data.Courses);
        var options = new EvaluationOptions
        {
            Part = EvaluationPart.Validation,
            MaxUsers = ValidationUsers,
            Threads = plan.Options.Model.Threads,
        };
        return Evaluator.Evaluate(contender, split, options, cancel: cancel).Filtered.Ndcg(10);
    }

    private SavedSequentialModel Describe(TrainingOutcome outcome, TrainingPlan plan)
    {
        var hash = SHA256.HashData(MemoryMarshal.AsBytes(outcome.Parameters.Values.AsSpan()));
        var name = plan.Config.Objective == SequentialObjective.Cloze ? "cloze" : "next-item";
        var metrics = new Dictionary<string, double>();
        if (outcome.Metric is { } metric)
            metrics["validation ndcg@10"] = metric;
        var facts = new Dictionary<string, string>
        {
            ["data"] = Path.GetFileName(settings.File),
            ["users"] = Text(split.Data.Users.Count),
            ["interactions"] = Text(split.TrainingEvents),
            ["seed"] = Text(settings.Seed),
            ["epochs"] = Text(outcome.Epochs),
            ["steps"] = Text(outcome.Steps),
            ["seconds"] = Text(Math.Round(outcome.Elapsed.TotalSeconds)),
            ["ended by"] = outcome.End.ToString(),
            ["libtorch"] = TrainingRuntime.TorchVersion ?? "",
        };
        return new(outcome.Parameters, $"{name}-{Convert.ToHexStringLower(hash.AsSpan(0, 4))}", metrics, facts);
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
