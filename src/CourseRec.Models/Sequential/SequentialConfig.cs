namespace CourseRec.Models.Sequential;

/// <summary>What the model learns to predict.</summary>
public enum SequentialObjective
{
    /// <summary>
    /// Causal: every position predicts the course after it; the last token of a history predicts the next course.
    /// </summary>
    NextItem,

    /// <summary>
    /// Bidirectional: masked courses are predicted (BERT4Rec); a mask after the history predicts the next course.
    /// </summary>
    Cloze,
}

/// <summary>How a layer is built.</summary>
public enum SequentialBlock
{
    /// <summary>Pre-norm, gated residuals, SwiGLU (LiGR).</summary>
    Gated,

    /// <summary>Post-norm, GELU (BERT4Rec).</summary>
    Plain,
}

/// <summary>Which end of a sequence shorter than the model's length has a fixed position.</summary>
public enum SequenceAnchor
{
    /// <summary>The last token has position MaxLength − 1.</summary>
    End,

    /// <summary>The first token has position 0.</summary>
    Start,
}

/// <summary>The shape of a sequential model. The defaults are the next-item model with gated layers.</summary>
public sealed record SequentialConfig
{
    /// <summary>The shape of BERT4Rec (Sun et al. 2019): cloze, plain layers, a feed-forward width of 256.</summary>
    public static SequentialConfig Bert4Rec { get; } =
        new()
        {
            Objective = SequentialObjective.Cloze,
            Block = SequentialBlock.Plain,
            FeedForward = 256,
        };

    /// <summary>What is predicted. Default: the next course.</summary>
    public SequentialObjective Objective { get; init; } = SequentialObjective.NextItem;

    /// <summary>How a layer is built. Default: gated.</summary>
    public SequentialBlock Block { get; init; } = SequentialBlock.Gated;

    /// <summary>
    /// d, the width of an embedding: a multiple of 16 · <see cref="Heads"/>, at most 1,024. Default: 64.
    /// </summary>
    public int Dimension { get; init; } = 64;

    /// <summary>Transformer layers, 1 to 16. Default: 2.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Attention heads, at least 1. Default: 2.</summary>
    public int Heads { get; init; } = 2;

    /// <summary>
    /// f, the inner width of a feed-forward block: a multiple of 16, at most 4,096. Default: 128, for gated layers.
    /// </summary>
    public int FeedForward { get; init; } = 128;

    /// <summary>
    /// L, the most tokens that the model sees, 2 to 2,048; Cloze spends one on the mask. Default: 200.
    /// </summary>
    public int MaxLength { get; init; } = 200;

    /// <summary>Which end has a fixed position. Default: the end.</summary>
    public SequenceAnchor Anchor { get; init; } = SequenceAnchor.End;

    /// <summary>The most courses of a history that the model sees: L, or L − 1 for Cloze.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int MaxHistory => Objective == SequentialObjective.Cloze ? MaxLength - 1 : MaxLength;

    /// <summary>Returns this shape if a model can have it.</summary>
    /// <exception cref="ArgumentException">It can't; the message names the setting, its value and what is
    /// possible.</exception>
    public SequentialConfig Validated()
    {
        Require(Enum.IsDefined(Objective), nameof(Objective), (int)Objective, "must be NextItem or Cloze");
        Require(Enum.IsDefined(Block), nameof(Block), (int)Block, "must be Gated or Plain");
        Require(Enum.IsDefined(Anchor), nameof(Anchor), (int)Anchor, "must be End or Start");
        Require(Layers is >= 1 and <= 16, nameof(Layers), Layers, "must be 1 to 16");
        Require(Heads is >= 1 and <= 64, nameof(Heads), Heads, "must be 1 to 64");
        Require(
            Dimension is >= 16 and <= 1024 && Dimension % (16 * Heads) == 0,
            nameof(Dimension),
            Dimension,
            $"must be a multiple of 16 · Heads ({16 * Heads}), at most 1024"
        );
        Require(
            FeedForward is >= 16 and <= 4096 && FeedForward % 16 == 0,
            nameof(FeedForward),
            FeedForward,
            "must be a multiple of 16, at most 4096"
        );
        Require(MaxLength is >= 2 and <= 2048, nameof(MaxLength), MaxLength, "must be 2 to 2048");
        return this;
    }

    private static void Require(bool holds, string name, int value, string rule)
    {
        if (!holds)
            throw new ArgumentException($"The model's {name} is {value}; it {rule}.");
    }
}
