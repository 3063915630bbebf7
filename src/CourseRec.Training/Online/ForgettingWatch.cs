using CourseRec.Models.Sequential;

namespace CourseRec.Training.Online;

/// <summary>
/// Once a minute, how much worse the serving model is than the frozen one on old examples of held-out users. The work
/// is done in small parts between steps.
/// </summary>
internal sealed class ForgettingWatch(HeldOutExamples heldOut, Vocabulary vocabulary, TimeProvider time)
{
    private const int Part = 64;
    private const int Fewest = 200;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly SequenceGain _gain = new(vocabulary);
    private readonly double[] _online = new double[Part];
    private readonly double[] _frozen = new double[Part];
    private readonly double[] _unused = new double[Part];
    private long _began = time.GetTimestamp();
    private HeldOutExample[] _left = [];
    private (SequentialModel Online, SequentialModel Frozen)? _models;
    private double _sum;
    private double _before;
    private int _count;

    /// <summary>What the last whole slice showed; null before the first.</summary>
    public ForgettingReport? Last { get; private set; }

    /// <summary>
    /// Judges the next part, if there is one; <paramref name="finished"/> when that was the last of a slice.
    /// </summary>
    /// <returns>Whether anything was done.</returns>
    public bool Advance(SequentialModel? online, SequentialModel? frozen, out bool finished)
    {
        finished = false;
        if (_models is null && !TryBegin(online, frozen))
            return false;
        var (now, then) = _models!.Value;
        var part = _left.AsSpan(..Math.Min(Part, _left.Length));
        Judge(part, now, then);
        _left = _left[part.Length..];
        if (_left.Length > 0)
            return true;
        (_models, finished) = (null, _count > 0);
        if (finished)
            Last = new(_sum / _before, _count, now.Version, then.Version);
        return true;
    }

    private bool TryBegin(SequentialModel? online, SequentialModel? frozen)
    {
        if (online is null || frozen is null || heldOut.Old.Count < Fewest || time.GetElapsedTime(_began) < Every)
            return false;
        _began = time.GetTimestamp();
        _left = [.. heldOut.Old];
        _models = (online, frozen);
        (_sum, _before, _count) = (0, 0, 0);
        return true;
    }

    private void Judge(ReadOnlySpan<HeldOutExample> part, SequentialModel online, SequentialModel frozen)
    {
        _gain.Of(online, part, frozen.CourseCount, _online, _unused);
        _gain.Of(frozen, part, frozen.CourseCount, _frozen, _unused);
        for (var i = 0; i < part.Length; i++)
            if (!double.IsNaN(_online[i]) && !double.IsNaN(_frozen[i]))
                (_sum, _before, _count) = (_sum + _frozen[i] - _online[i], _before + _frozen[i], _count + 1);
    }
}

/// <summary>How much was forgotten.</summary>
/// <param name="Change">(gain of the frozen one − gain online) / gain of the frozen one: above 0 something was
/// forgotten.</param>
/// <param name="Sequences">Held-out sequences compared.</param>
/// <param name="Online">The version of the model that served.</param>
/// <param name="Frozen">The version of the frozen model.</param>
internal sealed record ForgettingReport(double Change, int Sequences, string Online, string Frozen);
