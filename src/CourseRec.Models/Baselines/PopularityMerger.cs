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
        var (mine, theirs) = (1.0, 1.0);
        if (row.Epoch <= _epoch)
            theirs = Decay.Shift(1, row.Epoch - _epoch);
        else
        {
            mine = _epoch == long.MinValue ? 0 : Decay.Shift(1, _epoch - row.Epoch);
            _epoch = row.Epoch;
        }
        for (var course = 0; course < _masses.Length; course++)
            _masses[course] *= mine;
        for (var course = 0; course < row.Masses.Length; course++)
            _masses[course] += row.Masses[course] * theirs;
    }

    /// <summary>Each course's share of all, [courseCount]; 0 when nothing was counted.</summary>
    public float[] Shares(int courseCount)
    {
        var shares = new float[courseCount];
        var total = 0.0;
        foreach (var mass in _masses)
            total += mass;
        for (var course = 0; course < Math.Min(courseCount, _masses.Length) && total > 0; course++)
            shares[course] = (float)(_masses[course] / total);
        return shares;
    }
}
