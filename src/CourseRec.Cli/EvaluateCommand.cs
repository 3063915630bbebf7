using System.CommandLine;
using CourseRec.Cli.Evaluation;
using CourseRec.Cli.Output;
using CourseRec.Models;
using CourseRec.Models.Sequential;
using CourseRec.Training.Data;
using CourseRec.Training.Evaluation;
using Spectre.Console;

namespace CourseRec.Cli;

/// <summary>
/// <c>courserec evaluate FILE</c>: how well a model, and what it has to beat, predicts each user's last course.
/// </summary>
internal static class EvaluateCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var file = CliOptions.Interactions();
        var model = new Option<string?>("--model")
        {
            Description = "A model file that 'train' wrote. Left out: the baselines alone.",
            HelpName = "file",
        };
        var sampled = CliOptions.OptionalWhole(
            "--sampled",
            "Also rank against this many sampled negatives (the published numbers often do, with 100), as a table "
                + "of its own.",
            1,
            100_000
        );
        var sampling = new Option<NegativeSampling>("--sampling")
        {
            Description =
                "How negatives are drawn, without replacement and never a course of the user's own: popularity or "
                + "uniform.",
            HelpName = "how",
            DefaultValueFactory = _ => NegativeSampling.Popularity,
            CustomParser = result =>
                CliOptions.Choice(
                    result,
                    ("popularity", NegativeSampling.Popularity),
                    ("uniform", NegativeSampling.Uniform)
                ),
        };
        var seed = CliOptions.Whole("--seed", "Seeds the sampled negatives.", 1, 0, int.MaxValue);
        var threads = CliOptions.Whole("--threads", "Threads over users.", Environment.ProcessorCount, 1, 1024);
        var json = new Option<bool>("--json") { Description = "Print JSON instead of tables." };
        var command = new Command(
            "evaluate",
            "Leave-one-out in full ranking: each user's last course is predicted from all before it, among every "
                + "course; users with fewer than three are not judged. "
                + "HR, NDCG and MRR at 1, 5, 10 and 20, next to popularity and co-visitation; ties count half. The "
                + "baselines saw what training sees: "
                + "every interaction except each judged user's last two (validation and test); their counts do not "
                + "decay."
        )
        {
            file,
            model,
            sampled,
            sampling,
            seed,
            threads,
            json,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var options = new EvaluationOptions
                {
                    SampledNegatives = parsed.GetValue(sampled) ?? 0,
                    Sampling = parsed.GetValue(sampling),
                    Seed = parsed.GetValue(seed),
                    Threads = parsed.GetValue(threads),
                };
                var report = await RunAsync(parsed.GetRequiredValue(file), parsed.GetValue(model), options, cancel);
                if (parsed.GetValue(json))
                    Console.WriteLine(report.ToJson());
                else
                    EvaluationTables.Print(CliConsole.Out, report);
            }
        );
        return command;
    }

    private static async Task<EvaluationReport> RunAsync(
        string file,
        string? model,
        EvaluationOptions options,
        CancellationToken cancel
    )
    {
        if (Directory.Exists(model))
            throw new CliException($"{model} is a folder: --model names a file that 'train' wrote.");
        if (model is not null && !File.Exists(model))
            throw new CliException($"{model} does not exist: --model names a file that 'train' wrote.");
        var split = new LeaveOneOut(InteractionDataset.Read(file));
        split.Validate(file);
        var data = split.Data;
        var contenders = new List<(string Name, ICourseScorer Scorer)>();
        if (model is not null)
            contenders.Add(Load(model, file, data));
        var courses = contenders is [var (_, loaded)] ? loaded.CourseCount : data.Courses.Count;
        var (popularity, coVisitation) = TrainedBaselines.Build(split, courses);
        contenders.Add(("co-visitation", coVisitation));
        contenders.Add(("popularity", popularity));
        return await new EvaluationRun(split, options, CliConsole.Error).ReportAsync(file, contenders, cancel);
    }

    private static (string, ICourseScorer) Load(string model, string file, InteractionDataset data)
    {
        var saved = SequentialModelFile.Read(model);
        var contender = new SequentialContender(new(saved.Parameters, saved.Version), data.Courses);
        if (contender.KnownCourses == 0)
            throw new CliException($"{model} knows none of the courses of {file}: it was trained on other data.");
        if (contender.KnownCourses < data.Courses.Count)
            CliConsole.Error.WriteLine(
                $"{model} knows {contender.KnownCourses} of the {data.Courses.Count} courses of {file}; the others "
                    + "count as misses."
            );
        return (contender.Name, contender);
    }
}
