namespace CourseRec.Simulation;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014). Own, because the sequence must be the same on every runtime, and only with
/// basic IEEE arithmetic on top, because <c>Math.Log</c> and its like may differ in the last bit between machines.
/// </summary>
internal struct SeededRandom(ulong seed)
{
    private static readonly double[] Exponential = ExponentialQuantiles();

    private ulong _state = seed;

    /// <summary>Mixes a seed with what the numbers are for, so that one seed gives independent streams.</summary>
    public static SeededRandom For(int seed, string purpose)
    {
        var random = new SeededRandom((uint)seed);
        foreach (var character in purpose)
            random = new SeededRandom(random.NextBits() ^ character);
        return random;
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1L << 53));

    /// <summary>Uniform in 0 … <paramref name="count"/> − 1.</summary>
    public int Next(int count) => (int)(((NextBits() >> 32) * (ulong)count) >> 32);

    /// <summary>True with a probability.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>Exponentially distributed with a mean, to 1/4096 of a quantile; at most 9.1 means.</summary>
    public double NextExponential(double mean) => mean * Exponential[Next(Exponential.Length)];

    /// <summary>An index, each with its share of the weights' sum; −1 when all weights are 0.</summary>
    public int NextWeighted(ReadOnlySpan<double> weights)
    {
        var sum = 0.0;
        foreach (var weight in weights)
            sum += weight;
        var rest = NextDouble() * sum;
        var last = -1;
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] <= 0)
                continue;
            last = i;
            rest -= weights[i];
            if (rest < 0)
                break;
        }
        return last;
    }

    /// <summary>Shuffles in place (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static double[] ExponentialQuantiles()
    {
        const int count = 4096;
        var quantiles = new double[count];
        var value = MinusLogarithm(1 - 0.5 / count);
        for (var i = 0; i < count; i++)
        {
            quantiles[i] = value;
            // −ln(1 − (i + 1.5) / n) from −ln(1 − (i + 0.5) / n): the logarithm of a ratio near 1.
            value += MinusLogarithm((count - i - 1.5) / (count - i - 0.5));
        }
        return quantiles;
    }

    /// <summary>−ln(x) for 0 &lt; x ≤ 1 by the series of artanh.</summary>
    private static double MinusLogarithm(double x)
    {
        if (x <= 0)
            return 0;
        var y = (1 - x) / (1 + x);
        var (power, sum) = (y, y);
        for (var n = 3; n < 60; n += 2)
        {
            power *= y * y;
            sum += power / n;
        }
        return 2 * sum;
    }
}
