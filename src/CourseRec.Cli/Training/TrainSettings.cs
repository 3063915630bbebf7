using CourseRec.Models.Sequential;

namespace CourseRec.Cli.Training;

/// <summary>What the command line asked for; what is null follows from the data's size.</summary>
internal sealed record TrainSettings
{
    /// <summary>The data.</summary>
    public required string File { get; init; }

    /// <summary>Where the model goes.</summary>
    public required ModelTarget Target { get; init; }

    /// <summary>What is predicted.</summary>
    public SequentialObjective Objective { get; init; }

    /// <summary>How a layer is built.</summary>
    public SequentialBlock? Block { get; init; }

    /// <summary>d.</summary>
    public int? Dimension { get; init; }

    /// <summary>Transformer layers.</summary>
    public int? Layers { get; init; }

    /// <summary>Attention heads.</summary>
    public int? Heads { get; init; }

    /// <summary>L.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Which end of a short sequence has a fixed position.</summary>
    public SequenceAnchor? Anchor { get; init; }

    /// <summary>Share of values dropped.</summary>
    public double? Dropout { get; init; }

    /// <summary>Shared negatives; 0 for the full softmax from the start.</summary>
    public int? Negatives { get; init; }

    /// <summary>What is minimised.</summary>
    public TrainingLoss Loss { get; init; }

    /// <summary>Sequences a step.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The most epochs.</summary>
    public int? Epochs { get; init; }

    /// <summary>The most time.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Threads of training and validation.</summary>
    public int? Threads { get; init; }

    /// <summary>auto, cpu or cuda:N.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Seeds everything random.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>What a training minimises.</summary>
internal enum TrainingLoss
{
    /// <summary>The softmax, sampled and corrected where negatives are.</summary>
    Softmax,

    /// <summary>gSASRec's calibrated binary cross-entropy over the negatives, all the time.</summary>
    Gbce,
}
