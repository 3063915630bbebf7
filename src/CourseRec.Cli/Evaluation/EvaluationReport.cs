using System.Text.Json;
using System.Text.Json.Serialization;
using CourseRec.Training.Data;
using CourseRec.Training.Evaluation;

namespace CourseRec.Cli.Evaluation;

/// <summary>What <c>evaluate</c> found.</summary>
/// <param name="File">The data.</param>
/// <param name="Format">How it was read.</param>
/// <param name="Users">Users in the data.</param>
/// <param name="JudgedUsers">Users with a test course.</param>
/// <param name="Courses">Courses in the data.</param>
/// <param name="RankedCourses">Courses that compete: those of the data, and those that the model knows beyond
/// it.</param>
/// <param name="Events">Interactions.</param>
/// <param name="Seed">The seed of the sampled negatives.</param>
/// <param name="SampledNegatives">Negatives of the sampled ranking; 0 for none.</param>
/// <param name="Sampling">How they were drawn; null for none.</param>
/// <param name="Contenders">What each reached.</param>
internal sealed record EvaluationReport(
    string File,
    InteractionFormat Format,
    int Users,
    int JudgedUsers,
    int Courses,
    int RankedCourses,
    int Events,
    int Seed,
    int SampledNegatives,
    NegativeSampling? Sampling,
    IReadOnlyList<ContenderReport> Contenders
)
{
    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, EvaluationReportJson.Default.EvaluationReport);
}

/// <summary>What one contender reached.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">The very model.</param>
/// <param name="Filtered">Full ranking without the courses of the user's history.</param>
/// <param name="Unfiltered">Full ranking of every course.</param>
/// <param name="Sampled">Against sampled negatives; null when not asked for. Not comparable with the full
/// rankings.</param>
internal sealed record ContenderReport(
    string Name,
    string Version,
    MetricsReport Filtered,
    MetricsReport Unfiltered,
    MetricsReport? Sampled
)
{
    /// <summary>Sums a result up.</summary>
    public static ContenderReport Of(string name, EvaluationResult result) =>
        new(
            name,
            result.Version,
            MetricsReport.Of(result.Filtered),
            MetricsReport.Of(result.Unfiltered),
            result.Sampled is null ? null : MetricsReport.Of(result.Sampled)
        );
}

/// <summary>The metrics of one ranking, by k.</summary>
/// <param name="HitRate">HR@k.</param>
/// <param name="Ndcg">NDCG@k.</param>
/// <param name="ReciprocalRank">MRR@k.</param>
internal sealed record MetricsReport(
    IReadOnlyDictionary<int, double> HitRate,
    IReadOnlyDictionary<int, double> Ndcg,
    IReadOnlyDictionary<int, double> ReciprocalRank
)
{
    /// <summary>The ks.</summary>
    public static IReadOnlyList<int> Cuts { get; } = [1, 5, 10, 20];

    /// <summary>Reads a table of ranks.</summary>
    public static MetricsReport Of(RankTable ranks) =>
        new(
            Cuts.ToDictionary(k => k, ranks.HitRate),
            Cuts.ToDictionary(k => k, ranks.Ndcg),
            Cuts.ToDictionary(k => k, ranks.ReciprocalRank)
        );
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(EvaluationReport))]
internal sealed partial class EvaluationReportJson : JsonSerializerContext;
