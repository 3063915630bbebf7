namespace CourseRec.Training.Batch;

/// <summary>
/// Randomness as a function of a few numbers (splitmix64), such as seed, epoch and batch: a resumed training draws
/// what an uninterrupted one would have drawn, and nothing has to be saved.
/// </summary>
internal struct SeededRandom
{
    private ulong _state;

    public SeededRandom(ulong seed, long first, long second)
    {
        _state = seed;
        _state = Next() ^ (ulong)first;
        _state = Next() ^ (ulong)second;
    }

    /// <summary>0 … limit − 1.</summary>
    public int Below(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>Whether an event of this probability happens.</summary>
    public bool Chance(double probability) => (Next() >> 11) * (1.0 / (1UL << 53)) < probability;

    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private ulong Next()
    {
        var x = _state += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
