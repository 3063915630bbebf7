namespace CourseRec.Models.Baselines;

/// <summary>
/// Every course's time-decayed count, as of one epoch; the decay is that of <see cref="SuccessorRow"/>. Newer
/// observations count for more until the epoch lies 256 half-lives back; then all masses move at once, so that a short
/// half-life costs no pass an hour.
/// </summary>
internal sealed class PopularityRow(TimeSpan halfLife)
{
    private const int MostHalfLives = 256;

    private readonly Decay _decay = new(halfLife);
    private double[] _masses = new double[64];

    /// <summary>In half-lives since 1970, whole.</summary>
    public long Epoch { get; private set; } = long.MinValue;

    /// <summary>By course; courses beyond it were never counted.</summary>
    public ReadOnlySpan<double> Masses => _masses;

    /// <summary>Counts one observation.</summary>
    /// <param name="course">The course's index.</param>
    /// <param name="time">Unix seconds.</param>
    public void Add(int course, long time)
    {
        var (epoch, weight) = _decay.At(time);
        Add(course, weight, epoch);
    }

    /// <summary>Adds mass as of an epoch.</summary>
    public void Add(int course, double mass, long epoch)
    {
        if (course >= _masses.Length)
            Array.Resize(ref _masses, Math.Max(course + 1, _masses.Length * 2));
        if (Epoch == long.MinValue || epoch - Epoch > MostHalfLives)
            MoveTo(epoch);
        _masses[course] += Decay.Shift(mass, epoch - Epoch);
    }

    private void MoveTo(long epoch)
    {
        if (Epoch != long.MinValue)
            foreach (ref var mass in _masses.AsSpan())
                mass = Decay.Shift(mass, Epoch - epoch);
        Epoch = epoch;
    }
}
