using System.Numerics;

namespace CourseRec.Models.Baselines;

/// <summary>Adds up the popularity of several partitions.</summary>
internal sealed class PopularityMerger
{
    private double[] _masses = [];
    private long _epoch = long.MinValue;

    public void Add(PopularityRow row)
    {
        if (row.Epoch == long.MinValue)
            return;
        if (row.Masses.Length > _masses.Length)
            Array.Resize(ref _masses, row.Masses.Length);
        if (row.Epoch > _epoch)
            MoveTo(row.Epoch);
        var shift = Decay.Shift(1, row.Epoch - _epoch);
        var theirs = row.Masses;
        var mine = _masses.AsSpan(0, theirs.Length);
        var course = 0;
        for (; course <= theirs.Length - Vector<double>.Count; course += Vector<double>.Count)
            (new Vector<double>(mine[course..]) + new Vector<double>(theirs[course..]) * shift).CopyTo(mine[course..]);
        for (; course < theirs.Length; course++)
            mine[course] += theirs[course] * shift;
    }

    /// <summary>Each course's share of all, [courseCount]; 0 when nothing was counted.</summary>
    /// <param name="courseCount">Courses known now.</param>
    /// <param name="halfLife">In which the masses halve.</param>
    /// <param name="newest">The newest observation's time, Unix seconds: the whole mass is as of then.</param>
    public PopularityShares Shares(int courseCount, TimeSpan halfLife, long newest)
    {
        var shares = new float[courseCount];
        var total = 0.0;
        foreach (var mass in _masses)
            total += mass;
        for (var course = 0; course < Math.Min(courseCount, _masses.Length) && total > 0; course++)
            shares[course] = (float)(_masses[course] / total);
        if (!(total > 0))
            return new(shares, 0);
        var (epoch, weight) = Decay.At(newest, 1 / halfLife.TotalSeconds);
        return new(shares, Decay.Shift(total / weight, Math.Min(0, _epoch - epoch)));
    }

    private void MoveTo(long epoch)
    {
        if (_epoch != long.MinValue)
            foreach (ref var mass in _masses.AsSpan())
                mass = Decay.Shift(mass, _epoch - epoch);
        _epoch = epoch;
    }
}
