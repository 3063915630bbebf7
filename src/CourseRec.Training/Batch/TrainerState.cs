using System.Text.Json.Serialization;

namespace CourseRec.Training.Batch;

/// <summary>Where a training stands, beside the model's own state.</summary>
internal sealed record TrainerState
{
    /// <summary>Whole epochs done.</summary>
    public int Epoch { get; set; }

    /// <summary>Batches done of the epoch under way.</summary>
    public int Batch { get; set; }

    public long Steps { get; set; }

    public TrainingPhase Phase { get; set; }

    /// <summary>Of the epoch under way: the sum of the targets' losses, and how many.</summary>
    public double LossSum { get; set; }

    public long Targets { get; set; }

    public double? Metric { get; set; }

    public double? Best { get; set; }

    /// <summary>Validations since the best one.</summary>
    public int Stale { get; set; }

    /// <summary>Steps made when the last validation was.</summary>
    public long ValidatedAt { get; set; }

    public TimeSpan Elapsed { get; set; }
}

/// <summary>The JSON part of a checkpoint.</summary>
/// <param name="State">Where the training stands.</param>
/// <param name="Fingerprint">Of the data and of every setting that decides what is computed.</param>
/// <param name="BestLength">How many best parameters follow; 0 before the first validation.</param>
internal sealed record CheckpointHeader(TrainerState State, string Fingerprint, int BestLength);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(CheckpointHeader))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
