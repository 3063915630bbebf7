using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CourseRec.Models.Instant;

/// <summary>
/// What each feature counts for histories of each length; immutable. Buckets of history lengths: 0, 1, 2-3, 4-7, 8-15,
/// 16 and more. Features are those of <see cref="InstantFeature"/>, in order.
/// </summary>
public sealed class InstantWeights
{
    /// <summary>The format that this version of CourseRec writes and reads.</summary>
    public const int Format = 1;

    /// <summary>No weight lies further from 0.</summary>
    public const float Bound = 10;

    private readonly float[] _values; // [buckets, features]

    internal InstantWeights(float[] values) => _values = values;

    /// <summary>Buckets of history lengths.</summary>
    public static int BucketCount => InstantFeatures.Buckets.Count;

    /// <summary>Features in all.</summary>
    public static int FeatureCount => InstantFeatures.Count;

    /// <summary>The bucket of a history.</summary>
    public static int BucketOf(int historyLength) => InstantFeatures.BucketOf(historyLength);

    /// <summary>One bucket's weights, [features].</summary>
    public ReadOnlySpan<float> this[int bucket] => _values.AsSpan(bucket * FeatureCount, FeatureCount);

    /// <summary>One weight.</summary>
    public float this[int bucket, InstantFeature feature] => this[bucket][(int)feature];

    /// <summary>
    /// Where learning starts: the blend's own ranking without a sequence model; with one the mixture, rounded, that
    /// was learned over a batch-trained model on MOOCCubeX.
    /// </summary>
    public static InstantWeights Start(bool hasSequence)
    {
        var row = new float[FeatureCount];
        row[(int)InstantFeature.Sequence] = hasSequence ? 0.6f : 1;
        row[(int)InstantFeature.Popularity] = hasSequence ? 0.15f : 1;
        row[(int)InstantFeature.Blend] = hasSequence ? 0.35f : 1;
        if (hasSequence)
        {
            row[(int)InstantFeature.Day] = 0.3f;
            row[(int)InstantFeature.Hour] = 0.1f;
            row[(int)InstantFeature.Last] = 0.2f;
            row[(int)InstantFeature.SecondLast] = 0.15f;
            row[(int)InstantFeature.ThirdLast] = 0.1f;
            row[(int)InstantFeature.Earlier] = 0.05f;
        }
        return new([.. Enumerable.Repeat(row, BucketCount).SelectMany(weights => weights)]);
    }

    /// <summary>Writes the weights as one JSON document.</summary>
    public void Save(IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        JsonSerializer.Serialize(
            json,
            new(Format, InstantFeatures.Names, InstantFeatures.Buckets, _values),
            InstantWeightsJson.Default.InstantWeightsDocument
        );
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">They are no weights of this format; the message says what was
    /// found.</exception>
    public static InstantWeights Load(ReadOnlySpan<byte> saved)
    {
        var document = Parse(saved);
        if (document.Format != Format)
            throw Refused($"they have format {document.Format}; this version of CourseRec reads format {Format}");
        if (
            document.Weights is not { } values
            || document.Features is not { } names
            || document.Buckets is not { } buckets
        )
            throw Refused("the features, the buckets or the weights are missing");
        if (!names.SequenceEqual(InstantFeatures.Names) || !buckets.SequenceEqual(InstantFeatures.Buckets))
            throw Refused("they are for other features or buckets");
        if (values.Length != BucketCount * FeatureCount)
            throw Refused($"there are {values.Length} of them, not {BucketCount * FeatureCount}");
        foreach (var value in values)
            if (!(MathF.Abs(value) <= Bound))
                throw Refused($"one is {value}, beyond ±{Bound}");
        return new(values);
    }

    private static InstantWeightsDocument Parse(ReadOnlySpan<byte> saved)
    {
        try
        {
            return JsonSerializer.Deserialize(saved, InstantWeightsJson.Default.InstantWeightsDocument)
                ?? throw Refused("the document is empty");
        }
        catch (JsonException e)
        {
            throw Refused($"line {e.LineNumber + 1} of the JSON document at {e.Path ?? "$"} is malformed");
        }
    }

    private static InvalidDataException Refused(string how) =>
        new($"The instant layer's weights can't be read: {how}.");
}

/// <summary>The weights as JSON.</summary>
internal sealed record InstantWeightsDocument(
    int Format,
    IReadOnlyList<string>? Features,
    IReadOnlyList<string>? Buckets,
    float[]? Weights
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(InstantWeightsDocument))]
internal sealed partial class InstantWeightsJson : JsonSerializerContext;
