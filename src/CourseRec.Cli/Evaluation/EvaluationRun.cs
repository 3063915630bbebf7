using System.Globalization;
using CourseRec.Cli.Output;
using CourseRec.Models;
using CourseRec.Training.Evaluation;
using Spectre.Console;

namespace CourseRec.Cli.Evaluation;

/// <summary>Evaluates contenders one after the other on one split, with progress.</summary>
internal sealed class EvaluationRun(LeaveOneOut split, EvaluationOptions options, IAnsiConsole console)
{
    /// <summary>Evaluates all contenders.</summary>
    /// <param name="file">The data's file, for the report.</param>
    /// <param name="contenders">Names and scorers.</param>
    /// <param name="cancel">Ends it early.</param>
    public async Task<EvaluationReport> ReportAsync(
        string file,
        IReadOnlyList<(string Name, ICourseScorer Scorer)> contenders,
        CancellationToken cancel
    )
    {
        var data = split.Data;
        var results = new List<ContenderReport>();
        foreach (var (name, scorer) in contenders)
            results.Add(await RunAsync(name, scorer, cancel));
        return new(
            file,
            data.Format,
            data.Users.Count,
            split.Judged.Length,
            data.Courses.Count,
            contenders.Max(contender => Math.Max(contender.Scorer.CourseCount, data.Courses.Count)),
            data.Events,
            options.Seed,
            options.SampledNegatives,
            options.SampledNegatives > 0 ? options.Sampling : null,
            results
        );
    }

    private async Task<ContenderReport> RunAsync(string name, ICourseScorer scorer, CancellationToken cancel)
    {
        var done = new Done(split.Judged.Length);
        var work = Task.Run(() => Evaluator.Evaluate(scorer, split, options, done, cancel), cancel);
        await new ProgressDisplay(console, TimeProvider.System).RunAsync($"evaluating {name}", done.Read, work);
        return ContenderReport.Of(name, await work);
    }

    private sealed class Done(int total) : IProgress<int>
    {
        private int _users;

        public void Report(int value) => Interlocked.Exchange(ref _users, Math.Max(_users, value));

        public ProgressState Read() =>
            new(
                (double)_users / total,
                string.Create(CultureInfo.InvariantCulture, $"{_users:N0} of {total:N0} users")
            );
    }
}
