using CourseRec.Models.Baselines;
using CourseRec.Models.Sequential;

namespace CourseRec.Models.Instant;

/// <summary>
/// The instant layer: a sequence model's scores, corrected by what was counted up to the last event:
/// <code>score(c) = Σ_f w[b, f] · x_f(c)</code>
/// with the features of <see cref="InstantFeature"/> and b the bucket of the history's length. Without a sequence
/// model the counts rank alone. Cheap to make: what depends on the snapshot alone is added up once for each bucket
/// that is asked for.
/// </summary>
public sealed class InstantScorer : ICourseScorer
{
    [ThreadStatic]
    private static HistoryFeatures? _features;

    private readonly float[]?[] _base = new float[]?[InstantFeatures.Buckets.Count];
    private readonly InstantWeights _weights;
    private readonly SequenceFeature? _sequence;

    /// <summary>Joins the layers; nothing is computed yet.</summary>
    /// <param name="name">The contender's name, such as <c>online</c>.</param>
    /// <param name="sequence">The sequence model, or null for none.</param>
    /// <param name="baselines">The counters.</param>
    /// <param name="weights">What the features count.</param>
    public InstantScorer(
        string name,
        SequentialCourseScorer? sequence,
        BaselineSnapshot baselines,
        InstantWeights weights
    )
    {
        (Name, Sequence, Baselines, _weights) = (name, sequence, baselines, weights);
        CourseCount = Math.Max(baselines.CourseCount, sequence?.CourseCount ?? 0);
        Version = sequence is null ? baselines.Version : $"{sequence.Version}+{baselines.Version}";
        _sequence = sequence is null ? null : new(sequence, baselines, CourseCount);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Version { get; }

    /// <inheritdoc/>
    public int CourseCount { get; }

    /// <summary>The sequence model, or null when there is none.</summary>
    public SequentialCourseScorer? Sequence { get; }

    /// <summary>The counters.</summary>
    public BaselineSnapshot Baselines { get; }

    /// <inheritdoc/>
    public void Score(ReadOnlySpan<int> history, Span<float> scores)
    {
        scores = scores[..CourseCount];
        var features = _features ??= new();
        features.Fill(Baselines, history);
        var bucket = InstantFeatures.BucketOf(history.Length);
        var weights = _weights[bucket];
        if (FillSequence(history, features, scores))
            InstantLogits.ScaleAdd(scores, weights[0], Base(bucket));
        else
            Base(bucket).CopyTo(scores);
        features.AddTo(scores, weights[InstantFeatures.FirstSparse..]);
    }

    /// <summary>
    /// The sequence model's reason where it has one, else the course whose co-visitation adds most to the score; −1
    /// when none adds.
    /// </summary>
    public int Explain(ReadOnlySpan<int> history, int course)
    {
        if (Sequence?.Explain(history, course) is { } reason and >= 0)
            return reason;
        return CoVisitationReason.Of(Baselines, history, course, _weights[InstantFeatures.BucketOf(history.Length)]);
    }

    /// <summary>The first feature of every course; false, and zeros, without a sequence model.</summary>
    internal bool FillSequence(ReadOnlySpan<int> history, HistoryFeatures features, Span<float> values)
    {
        if (_sequence is null)
            values[..CourseCount].Clear();
        else
            _sequence.Fill(history, features, values[..CourseCount]);
        return _sequence is not null;
    }

    /// <summary>The courses that the sequence model does not know; none without one.</summary>
    internal ReadOnlySpan<int> Unknown => _sequence is null ? [] : _sequence.Unknown;

    /// <summary>What the features that do not depend on the history add up to, [C].</summary>
    private float[] Base(int bucket) => _base[bucket] ??= MakeBase(_weights[bucket]);

    private float[] MakeBase(ReadOnlySpan<float> weights)
    {
        var sum = new float[CourseCount];
        for (var feature = 0; feature < InstantFeatures.StaticCount; feature++)
            InstantLogits.Add(sum, Baselines.Features[feature], weights[InstantFeatures.FirstStatic + feature]);
        foreach (var course in Unknown)
            sum[course] += weights[(int)InstantFeature.Unknown];
        return sum;
    }
}
