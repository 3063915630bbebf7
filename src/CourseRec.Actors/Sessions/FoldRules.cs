using System.Text.Json;
using System.Text.Json.Serialization;
using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Sessions;

/// <summary>
/// The rules by which a session folds its user's records. Pinned in the store: a node with other rules refuses to
/// start, because two nodes that fold differently would disagree on what a version means.
/// </summary>
public sealed record FoldRules
{
    /// <summary>Positive interactions kept in the history.</summary>
    public int HistoryLength { get; init; } = 50;

    /// <summary>Interactions that build the history. A rating also needs <see cref="MinimumRating"/>.</summary>
    public IReadOnlyList<InteractionType> Positive { get; init; } =
    [
        InteractionType.Click,
        InteractionType.Enroll,
        InteractionType.Progress,
        InteractionType.Complete,
        InteractionType.Rate,
    ];

    /// <summary>The lowest rating that counts as positive.</summary>
    public double MinimumRating { get; init; } = 3;

    /// <summary>Interactions that take a course out of the user's recommendations.</summary>
    public IReadOnlyList<InteractionType> Taking { get; init; } =
    [InteractionType.Enroll, InteractionType.Complete, InteractionType.Dismiss];

    /// <summary>
    /// Taken courses remembered beyond the history; the oldest are forgotten (and may be recommended again).
    /// </summary>
    public int TakenLimit { get; init; } = 600;

    /// <summary>Event ids of a user among which duplicates are recognised.</summary>
    public int RecentIds { get; init; } = 32;

    /// <summary>The largest session, stored.</summary>
    public const int MaxSessionBytes = 256 * 1024;

    /// <summary>The largest course in a stored session: 128 characters of three bytes, and its place.</summary>
    internal const int MaxCourseBytes = (3 * InteractionParser.MaxIdLength) + 2;

    /// <summary>
    /// Refuses rules under which a session could outgrow <see cref="MaxSessionBytes"/>, or that make no sense.
    /// </summary>
    /// <exception cref="ArgumentException">The message names the rule, its value and what is allowed.</exception>
    public void Validate()
    {
        const int fixedBytes = 4096;
        var maxCourses = (MaxSessionBytes - fixedBytes) / MaxCourseBytes;
        if (HistoryLength < 1 || TakenLimit < 0 || HistoryLength + TakenLimit > maxCourses)
            throw new ArgumentException(
                $"HistoryLength is {HistoryLength} and TakenLimit {TakenLimit}; allowed are at least 1 and 0, "
                    + $"together at most {maxCourses}."
            );
        if (RecentIds is < 1 or > 256)
            throw new ArgumentException($"RecentIds is {RecentIds}; allowed are 1 to 256.");
    }

    /// <summary>Whether an interaction builds the history.</summary>
    public bool IsPositive(InteractionType type, double value) =>
        Positive.Contains(type) && (type != InteractionType.Rate || value >= MinimumRating);

    /// <summary>Whether an interaction takes its course out of the recommendations.</summary>
    public bool IsTaking(InteractionType type) => Taking.Contains(type);

    /// <summary>The rules as canonical JSON, compared and pinned as text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, FoldRulesJson.Default.FoldRules);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(FoldRules))]
internal sealed partial class FoldRulesJson : JsonSerializerContext;
