namespace CourseRec.Models.Baselines;

/// <summary>Every course's time-decayed count, as of one epoch; the decay is that of <see cref="SuccessorRow"/>.</summary>
internal sealed class PopularityRow
{
    private double[] _masses = new double[64];

    /// <summary>In half-lives since 1970, whole.</summary>
    public long Epoch { get; private set; } = long.MinValue;

    /// <summary>By course; courses beyond it were never counted.</summary>
    public ReadOnlySpan<double> Masses => _masses;

    public void Add(int course, double mass, long epoch)
    {
        if (course >= _masses.Length)
            Array.Resize(ref _masses, Math.Max(course + 1, _masses.Length * 2));
        if (epoch > Epoch)
            MoveTo(epoch);
        else if (epoch < Epoch)
            mass = Decay.Shift(mass, epoch - Epoch);
        _masses[course] += mass;
    }

    private void MoveTo(long epoch)
    {
        if (Epoch != long.MinValue)
            foreach (ref var mass in _masses.AsSpan())
                mass = Decay.Shift(mass, Epoch - epoch);
        Epoch = epoch;
    }
}
