namespace CourseRec.Models.Baselines;

/// <summary>
/// Adds up one course's rows of several partitions. Where a successor may have part of its mass from others that gave
/// way, half of that is taken off: the middle of what Space-Saving guarantees. Keeps its buffers; not safe for
/// concurrent use.
/// </summary>
internal sealed class SuccessorMerger
{
    /// <summary>
    /// Dirichlet smoothing: this many observations' worth of doubt stand against every row, so that a course that
    /// was followed once is not a certainty.
    /// </summary>
    private const double Doubt = 10;

    private double[] _masses = [];
    private readonly List<int> _touched = [];

    /// <summary>
    /// The merged successors of a course; null when nothing followed it. Each partition is locked while it is read.
    /// </summary>
    public SuccessorList? Merge(IReadOnlyList<CourseCounters> partitions, int course)
    {
        _touched.Clear();
        var (total, epoch) = (0.0, long.MinValue);
        foreach (var counters in partitions)
            lock (counters)
                if (course < counters.Successors.Length && counters.Successors[course] is { } row)
                    Add(row, ref total, ref epoch);
        if (_touched.Count == 0)
            return null;
        var list = new SuccessorList(_touched.ToArray(), new float[_touched.Count]);
        for (var i = 0; i < list.Courses.Length; i++)
        {
            ref var mass = ref _masses[list.Courses[i]];
            list.Weights[i] = (float)(mass / (total + Doubt));
            mass = 0;
        }
        return list;
    }

    private void Add(SuccessorRow row, ref double total, ref long epoch)
    {
        var shift = 1.0;
        if (row.Epoch <= epoch)
            shift = Decay.Shift(1, row.Epoch - epoch);
        else
        {
            if (_touched.Count > 0)
                Rescale(Decay.Shift(1, epoch - row.Epoch), ref total);
            epoch = row.Epoch;
        }
        for (var i = 0; i < row.Count; i++)
        {
            var mass = row.Masses[i] * shift;
            total += mass;
            AddTo(row.Courses[i], mass - row.Errors[i] * shift / 2);
        }
    }

    private void AddTo(int course, double mass)
    {
        if (course >= _masses.Length)
            Array.Resize(ref _masses, Math.Max(course + 1, _masses.Length * 2));
        if (!(mass > 0))
            return;
        if (_masses[course] == 0)
            _touched.Add(course);
        _masses[course] += mass;
    }

    private void Rescale(double factor, ref double total)
    {
        total *= factor;
        foreach (var course in _touched)
            _masses[course] *= factor;
    }
}
