namespace CourseRec.Models.Instant;

/// <summary>
/// Weights that learn by online Newton steps (Hazan, Agarwal and Kale, 2007): w ← w + A⁻¹ g, A the information
/// gathered so far. Where features rise and fall together, as counts do, that needs a hundredth of the events that a
/// step for each weight would. A forgets slowly, so that learning never stops, and never below where it began, so that
/// a feature that wakes up late takes no leap.
/// </summary>
internal sealed class NewtonStep
{
    /// <summary>Information, in events, that stands against moving at first.</summary>
    private const double First = 3;

    /// <summary>Information fades to 1/e over this many events.</summary>
    private const double Memory = 100_000;

    private readonly int _size;
    private readonly double[] _information; // [n, n], the lower half
    private readonly double[] _factor; // [n, n], its Cholesky factor
    private readonly double[] _step; // [n]

    public NewtonStep(int size)
    {
        _size = size;
        Weights = new float[size];
        (_information, _factor, _step) = (new double[size * size], new double[size * size], new double[size]);
        for (var i = 0; i < size; i++)
            _information[i * size + i] = First;
    }

    /// <summary>[n].</summary>
    public float[] Weights { get; }

    /// <summary>One step uphill.</summary>
    /// <param name="slope">[n], of the log-likelihood of one event.</param>
    /// <param name="trust">What the event counts.</param>
    public void Take(ReadOnlySpan<float> slope, float trust)
    {
        Learn(slope, trust);
        Factor();
        for (var i = 0; i < _size; i++)
        {
            var left = (double)trust * slope[i];
            for (var k = 0; k < i; k++)
                left -= _factor[i * _size + k] * _step[k];
            _step[i] = left / _factor[i * _size + i];
        }
        for (var i = _size - 1; i >= 0; i--)
        {
            var left = _step[i];
            for (var k = i + 1; k < _size; k++)
                left -= _factor[k * _size + i] * _step[k];
            _step[i] = left / _factor[i * _size + i];
            Weights[i] = (float)Math.Clamp(Weights[i] + _step[i], -InstantWeights.Bound, InstantWeights.Bound);
        }
    }

    /// <summary>A ← A + trust · g gᵀ, after it forgot a little.</summary>
    private void Learn(ReadOnlySpan<float> slope, float trust)
    {
        for (var i = 0; i < _size; i++)
        {
            var row = _information.AsSpan(i * _size, i + 1);
            for (var k = 0; k <= i; k++)
                row[k] += (double)trust * slope[i] * slope[k] - row[k] / Memory;
            row[i] += First / Memory;
        }
    }

    /// <summary>A = L Lᵀ; A is positive definite by its floor.</summary>
    private void Factor()
    {
        for (var i = 0; i < _size; i++)
        for (var k = 0; k <= i; k++)
        {
            var left = _information[i * _size + k];
            for (var j = 0; j < k; j++)
                left -= _factor[i * _size + j] * _factor[k * _size + j];
            _factor[i * _size + k] = i == k ? Math.Sqrt(left) : left / _factor[k * _size + k];
        }
    }
}
