using System.CommandLine;
using CourseRec.Cli;
using CourseRec.Cli.Output;

namespace CourseRec.Benchmarks.Online;

/// <summary><c>courserec bench online</c>: whether learning online pays.</summary>
internal static class OnlineCommand
{
    private static readonly Argument<string?> Data = new("file")
    {
        Description =
            "Interactions in any format that 'train' reads; at their own times where they have them, else users "
            + "mixed by the seed. "
            + "Left out: the simulator's drifting stream.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<int?> Events = CliOptions.OptionalWhole(
        "--events",
        $"The first so many events. Default: all of the file, or {OnlineBenchSettings.DriftEvents} simulated ones.",
        100,
        int.MaxValue
    );
    private static readonly Option<int> Courses = CliOptions.Whole(
        "--courses",
        "Courses of the simulated catalogue; 40 % of them are launched on the way.",
        new OnlineBenchSettings().Courses,
        10,
        3_000
    );
    private static readonly Option<int> Learners = CliOptions.Whole(
        "--learners",
        "Simulated learners active at a time; the fewer, the longer the simulated time.",
        new OnlineBenchSettings().Learners,
        10,
        1_000_000
    );
    private static readonly Option<double?> Judged = CliOptions.OptionalReal(
        "--judged",
        "Share of the discoveries that every contender ranks. Default: half of the simulated ones, some 200,000 of "
            + "a file's.",
        0.001,
        1
    );
    private static readonly Option<TimeSpan?> BatchLimit = CliOptions.OptionalDuration(
        "--batch-limit",
        "The most time for batch training on the file. Default: 10m.",
        TimeSpan.FromSeconds(1),
        TimeSpan.FromDays(1)
    );
    private static readonly Option<string?> Batch = new("--batch")
    {
        Description =
            "A model trained in batch on the same events, to compare with instead of training one. Where there is "
            + "no such file, the one trained is kept there.",
        HelpName = "model",
    };
    private static readonly Option<int> Seed = CliOptions.Whole(
        "--seed",
        "Seeds the stream, the trainer and the intervals.",
        1,
        0,
        int.MaxValue
    );
    private static readonly Option<string> Out = new("--out")
    {
        Description = "The curve: NDCG@10 of every contender over the stream.",
        HelpName = "svg",
        DefaultValueFactory = _ => new OnlineBenchSettings().Out,
    };
    private static readonly Option<bool> Json = BenchOutput.Json();

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var command = new Command(
            "online",
            "Measures whether learning online pays: a stream through the live path in this process, on a temporary "
                + "folder. In the middle the model is frozen; "
                + "over the last quarter everything is compared on the same events, each judged before it is "
                + "learned from. With a file, each user's last course is held "
                + "back and predicted in the end, next to batch training on the same events."
        )
        {
            Data,
            Events,
            Courses,
            Learners,
            Judged,
            BatchLimit,
            Batch,
            Seed,
            Out,
            Json,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var settings = Read(parsed);
                var report = await new OnlineBench(settings, CliConsole.Error).RunAsync(cancel);
                BenchOutput.Print(report, parsed.GetValue(Json), OnlineTables.Of(report));
                await Console.Error.WriteLineAsync($"The curve is in {settings.Out}.");
            }
        );
        return command;
    }

    private static OnlineBenchSettings Read(ParseResult parsed)
    {
        var settings = new OnlineBenchSettings
        {
            File = parsed.GetValue(Data),
            Events = parsed.GetValue(Events),
            Courses = parsed.GetValue(Courses),
            Learners = parsed.GetValue(Learners),
            JudgedShare = parsed.GetValue(Judged),
            BatchModel = parsed.GetValue(Batch),
            Seed = parsed.GetValue(Seed),
            Out = parsed.GetRequiredValue(Out),
        };
        RequireFolder("--out", settings.Out);
        if (settings.BatchModel is { } model)
            RequireFolder("--batch", model);
        return settings with { BatchLimit = parsed.GetValue(BatchLimit) ?? settings.BatchLimit };
    }

    /// <summary>What could not be written in the end is refused before anything is spent on it.</summary>
    private static void RequireFolder(string option, string path)
    {
        if (Directory.Exists(path))
            throw new CliException($"{path} is a folder: {option} names a file.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new CliException($"{folder} does not exist: {option} names a file in a folder that does.");
    }
}
