using System.Globalization;
using CourseRec.Models;
using CourseRec.Node.Cli.Output;
using CourseRec.Training.Evaluation;
using Spectre.Console;

namespace CourseRec.Node.Cli.Evaluation;

/// <summary>Evaluates contenders one after the other on one split, with progress.</summary>
internal sealed class EvaluationRun(LeaveOneOut split, EvaluationOptions options, IAnsiConsole console)
{
    /// <summary>Ranks every judged user's target with one contender.</summary>
    public async Task<ContenderReport> RunAsync(string name, ICourseScorer scorer, CancellationToken cancel)
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
