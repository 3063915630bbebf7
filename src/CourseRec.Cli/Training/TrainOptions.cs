using System.CommandLine;
using System.CommandLine.Parsing;
using CourseRec.Models.Sequential;

namespace CourseRec.Cli.Training;

/// <summary>The options of <c>courserec train</c>. A table, whatever its length.</summary>
internal static class TrainOptions
{
    private static readonly Argument<string> Data = CliOptions.Interactions();
    private static readonly Option<string> Out = new("--out")
    {
        Description = "The model's file. Its training's state is kept beside it, as FILE.checkpoint.",
        HelpName = "file",
        Required = true,
    };
    private static readonly Option<SequentialObjective> Objective = new("--objective")
    {
        Description =
            "next-item (causal, every position predicts the next course) or cloze (masked courses: BERT4Rec). "
            + "Default next-item.",
        HelpName = "what",
        CustomParser = result =>
            CliOptions.Choice(
                result,
                ("next-item", SequentialObjective.NextItem),
                ("cloze", SequentialObjective.Cloze)
            ),
    };
    private static readonly Option<SequentialBlock?> Block = new("--block")
    {
        Description = "gated (LiGR) or plain (BERT4Rec). Default gated for next-item, plain for cloze.",
        HelpName = "kind",
        CustomParser = result =>
            CliOptions.Choice<SequentialBlock?>(
                result,
                ("gated", SequentialBlock.Gated),
                ("plain", SequentialBlock.Plain)
            ),
    };
    private static readonly Option<SequenceAnchor?> Anchor = new("--anchor")
    {
        Description = "The end of a short sequence that has a fixed position: end or start.",
        HelpName = "end",
        CustomParser = result =>
            CliOptions.Choice<SequenceAnchor?>(result, ("end", SequenceAnchor.End), ("start", SequenceAnchor.Start)),
    };
    private static readonly Option<int?> Dimension = CliOptions.OptionalWhole(
        "--dimension",
        "Width of an embedding.",
        16,
        1024
    );
    private static readonly Option<int?> Layers = CliOptions.OptionalWhole("--layers", "Transformer layers.", 1, 16);
    private static readonly Option<int?> Heads = CliOptions.OptionalWhole("--heads", "Attention heads.", 1, 64);
    private static readonly Option<int?> MaxLength = CliOptions.OptionalWhole(
        "--max-length",
        "Courses of a history that are seen.",
        2,
        2048
    );
    private static readonly Option<double?> Dropout = CliOptions.OptionalReal(
        "--dropout",
        "Share of values dropped.",
        0,
        0.9
    );
    private static readonly Option<int?> Negatives = CliOptions.OptionalWhole(
        "--negatives",
        "Negatives shared by a batch; 0 for the full softmax from the start.",
        0,
        1_000_000
    );
    private static readonly Option<TrainingLoss> Loss = new("--loss")
    {
        Description =
            "softmax (with --negatives: sampled and corrected, then full where the catalogue is small) or gbce "
            + "(gSASRec's calibrated binary cross-entropy over the negatives). Default softmax.",
        HelpName = "kind",
        CustomParser = result =>
            CliOptions.Choice(result, ("softmax", TrainingLoss.Softmax), ("gbce", TrainingLoss.Gbce)),
    };
    private static readonly Option<int?> BatchSize = CliOptions.OptionalWhole(
        "--batch-size",
        "Sequences a step.",
        1,
        65_536
    );
    private static readonly Option<int?> Epochs = CliOptions.OptionalWhole(
        "--epochs",
        "The most epochs.",
        1,
        1_000_000
    );
    private static readonly Option<TimeSpan?> TimeLimit = CliOptions.OptionalDuration(
        "--time-limit",
        "The most time for training, validation and earlier runs of a resumed training included, as 30m; less when "
            + "validation stops getting better.",
        TimeSpan.FromSeconds(1),
        TimeSpan.FromDays(365)
    );
    private static readonly Option<int?> Threads = CliOptions.OptionalWhole(
        "--threads",
        "Threads of training and validation.",
        1,
        64
    );
    private static readonly Option<string> Device = new("--device")
    {
        Description = "auto (CUDA when there is one), cpu or cuda:N.",
        HelpName = "device",
        DefaultValueFactory = _ => "auto",
        CustomParser = ParseDevice,
    };
    private static readonly Option<int> Seed = CliOptions.Whole(
        "--seed",
        "Seeds everything random.",
        1,
        0,
        int.MaxValue
    );
    private static readonly Option<bool> Resume = new("--resume")
    {
        Description = "Go on with an interrupted training.",
    };
    private static readonly Option<bool> Overwrite = new("--overwrite") { Description = "Replace an existing model." };

    /// <summary>Gives the verb its options.</summary>
    public static void AddTo(Command command)
    {
        command.Add(Data);
        Option[] options =
        [
            Out,
            Objective,
            Block,
            Dimension,
            Layers,
            Heads,
            MaxLength,
            Anchor,
            Dropout,
            Negatives,
            Loss,
            BatchSize,
            Epochs,
            TimeLimit,
            Threads,
            Device,
            Seed,
            Resume,
            Overwrite,
        ];
        foreach (var option in options)
            command.Add(option);
    }

    /// <summary>What was asked for.</summary>
    /// <exception cref="CliException">The model can't be written where it should.</exception>
    public static TrainSettings Read(ParseResult parsed) =>
        new()
        {
            File = parsed.GetRequiredValue(Data),
            Target = ModelTarget.Check(
                parsed.GetRequiredValue(Out),
                parsed.GetValue(Resume),
                parsed.GetValue(Overwrite)
            ),
            Objective = parsed.GetValue(Objective),
            Block = parsed.GetValue(Block),
            Dimension = parsed.GetValue(Dimension),
            Layers = parsed.GetValue(Layers),
            Heads = parsed.GetValue(Heads),
            MaxLength = parsed.GetValue(MaxLength),
            Anchor = parsed.GetValue(Anchor),
            Dropout = parsed.GetValue(Dropout),
            Negatives = parsed.GetValue(Negatives),
            Loss = parsed.GetValue(Loss),
            BatchSize = parsed.GetValue(BatchSize),
            Epochs = parsed.GetValue(Epochs),
            TimeLimit = parsed.GetValue(TimeLimit),
            Threads = parsed.GetValue(Threads),
            Device = parsed.GetRequiredValue(Device),
            Seed = parsed.GetValue(Seed),
        };

    private static string ParseDevice(ArgumentResult result)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (
            text is "auto" or "cpu"
            || text.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(text[5..], out _)
        )
            return text;
        result.AddError($"--device is '{text}': it must be auto, cpu or cuda:N.");
        return "auto";
    }
}
