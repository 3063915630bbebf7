using System.Runtime.CompilerServices;

namespace CourseRec.Models.Baselines;

/// <summary>
/// Exponential decay in half-lives, split so that whole half-lives are exact powers of two. Keeps the last time's
/// weight: streams repeat their seconds.
/// </summary>
internal sealed class Decay(TimeSpan halfLife)
{
    private readonly double _rate = 1 / halfLife.TotalSeconds;
    private long _time = long.MinValue;
    private (long Epoch, double Weight) _at;

    /// <summary>
    /// The half-life that holds a time, and the weight of one observation in it: 1 at its start, nearly 2 at its end.
    /// </summary>
    /// <param name="time">Unix seconds.</param>
    public (long Epoch, double Weight) At(long time)
    {
        if (time != _time)
            (_time, _at) = (time, At(time, _rate));
        return _at;
    }

    /// <summary>The same, kept nowhere.</summary>
    /// <param name="time">Unix seconds.</param>
    /// <param name="halfLivesPerSecond">1 / half-life.</param>
    public static (long Epoch, double Weight) At(long time, double halfLivesPerSecond)
    {
        var halfLives = time * halfLivesPerSecond;
        var epoch = Math.Floor(halfLives);
        return ((long)epoch, Math.Pow(2, halfLives - epoch));
    }

    /// <summary>mass · 2^halfLives, for halfLives ≤ 1000.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Shift(double mass, long halfLives) =>
        halfLives > -1000 ? mass * BitConverter.Int64BitsToDouble(halfLives + 1023 << 52) : 0;
}
