using System.Globalization;
using CourseRec.Benchmarks.Online.Streams;
using CourseRec.Cli.Output;
using CourseRec.Cli.Training;
using CourseRec.Models.Sequential;
using CourseRec.Training.Batch;
using CourseRec.Training.Data;
using CourseRec.Training.Evaluation;
using Spectre.Console;

namespace CourseRec.Benchmarks.Online.Analysis;

/// <summary>
/// Batch training on the very events that the online recommender learned from: those streamed, of the users that it
/// trains on. The users that both hold out choose the best epoch.
/// </summary>
internal sealed class BatchPeer(OnlineBenchSettings settings, HeldBack data, Func<int, bool> isHeldOut)
{
    /// <summary>
    /// Each held-out user is asked for so many of the last courses, one after the other, for there are few such users.
    /// </summary>
    private const int ValidatedCourses = 10;

    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(30);

    /// <summary>Trains, as long as the settings allow.</summary>
    public async Task<SavedSequentialModel> TrainAsync(IAnsiConsole console, CancellationToken cancel)
    {
        int[] users = [.. Enumerable.Range(0, data.Data.Users.Count)];
        int[][] sequences =
        [
            .. users
                .Where(user => !isHeldOut(user))
                .Select(user => Array.ConvertAll(data.Streamed(user).ToArray(), c => c + 1)),
        ];
        var defaults = TrainingDefaults.For(
            SequentialObjective.NextItem,
            data.Data.Courses.Count,
            [.. sequences.Select(sequence => sequence.Length)]
        );
        var options = defaults.Options with
        {
            TimeLimit = settings.BatchLimit,
            Model = defaults.Options.Model with { Seed = (ulong)settings.Seed },
        };
        var trainer = new BatchTrainer(defaults.Config, data.Data.Courses, sequences, options, TimeProvider.System);
        var status = new TrainingStatus();
        var work = Task.Run(() => trainer.Train(Validation(users), status.Report, cancel), cancel);
        await new ProgressDisplay(console, TimeProvider.System, LineInterval).RunAsync("batch", status.Read, work);
        return Describe(await work, sequences);
    }

    /// <summary>NDCG@10 on the held-out users' last courses; null when none of them has enough.</summary>
    private Func<SequentialParameters, double>? Validation(int[] users)
    {
        int[][] prefixes = [.. users.Where(isHeldOut).SelectMany(Prefixes)];
        if (prefixes.Length == 0)
            return null;
        string[] names = [.. prefixes.Select((_, i) => i.ToString(CultureInfo.InvariantCulture))];
        var split = new LeaveOneOut(InteractionDataset.Of(names, data.Data.Courses, prefixes));
        return parameters =>
        {
            var contender = new SequentialContender(new(parameters, "validated"), data.Data.Courses);
            return Evaluator.Evaluate(contender, split, new()).Filtered.Ndcg(10);
        };
    }

    /// <summary>A user's sequence up to each of the last courses.</summary>
    private IEnumerable<int[]> Prefixes(int user)
    {
        var streamed = data.Streamed(user).ToArray();
        for (var end = streamed.Length; end >= LeaveOneOut.MinLength && end > streamed.Length - ValidatedCourses; end--)
            yield return streamed[..end];
    }

    private SavedSequentialModel Describe(TrainingOutcome outcome, int[][] sequences)
    {
        var facts = new Dictionary<string, string>
        {
            ["data"] = Path.GetFileName(settings.File!),
            ["users"] = sequences.Length.ToString(CultureInfo.InvariantCulture),
            ["interactions"] = sequences.Sum(s => s.Length).ToString(CultureInfo.InvariantCulture),
            ["epochs"] = outcome.Epochs.ToString(CultureInfo.InvariantCulture),
            ["seconds"] = outcome.Elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture),
            ["ended by"] = outcome.End.ToString(),
        };
        var metrics = new Dictionary<string, double>();
        if (outcome.Metric is { } metric)
            metrics["validation ndcg@10"] = metric;
        return new(outcome.Parameters, "batch", metrics, facts);
    }
}
