namespace CourseRec.Training.Evaluation;

/// <summary>
/// Draws a user's negatives one after the other without replacement. A user's negatives depend on seed and user alone.
/// One instance a thread.
/// </summary>
internal sealed class NegativeSampler(LeaveOneOut split, NegativeWeights weights, int count, int seed)
{
    private const int DrawsPerNegative = 20;

    private readonly bool[] _isOut = new bool[split.Data.Courses.Count];
    private readonly List<int> _negatives = new(count);

    /// <summary>The user's negatives: as many as asked for, or all there are.</summary>
    public List<int> Of(int user)
    {
        _negatives.Clear();
        var own = split.Data.Sequence(user);
        foreach (var course in own)
            _isOut[course] = true;
        var random = new Random(HashOf(seed, user));
        for (var draw = 0; draw < count * DrawsPerNegative && _negatives.Count < count; draw++)
            Take(weights.Draw(random));
        if (_negatives.Count < count)
            TakeRest(random);
        foreach (var course in _negatives)
            _isOut[course] = false;
        foreach (var course in own)
            _isOut[course] = false;
        return _negatives;
    }

    private void Take(int course)
    {
        if (_isOut[course])
            return;
        _isOut[course] = true;
        _negatives.Add(course);
    }

    /// <summary>
    /// Where drawing again and again would take long: the same distribution by exponential keys (Efraimidis and
    /// Spirakis, 2006).
    /// </summary>
    private void TakeRest(Random random)
    {
        var keys = new List<(double Key, int Course)>();
        for (var course = 0; course < _isOut.Length; course++)
            if (!_isOut[course] && weights[course] > 0)
                keys.Add((-Math.Log(1 - random.NextDouble()) / weights[course], course));
        keys.Sort();
        foreach (var (_, course) in keys.Take(count - _negatives.Count))
            Take(course);
    }

    private static int HashOf(int seed, int user)
    {
        var hash = ((ulong)(uint)seed << 32 | (uint)user) * 0x9E3779B97F4A7C15UL;
        hash = (hash ^ hash >> 32) * 0xD6E8FEB86659FD93UL;
        return (int)(hash >> 33);
    }
}

/// <summary>How likely each course is drawn.</summary>
internal sealed class NegativeWeights
{
    private readonly long[] _upTo;

    public NegativeWeights(LeaveOneOut split, NegativeSampling sampling)
    {
        _upTo = new long[split.Data.Courses.Count + 1];
        var counts = split.CountTraining();
        for (var course = 0; course < counts.Length; course++)
            _upTo[course + 1] = _upTo[course] + (sampling == NegativeSampling.Uniform ? 1 : counts[course]);
    }

    /// <summary>A course's weight.</summary>
    public long this[int course] => _upTo[course + 1] - _upTo[course];

    /// <summary>A course, with replacement.</summary>
    public int Draw(Random random)
    {
        var at = Array.BinarySearch(_upTo, random.NextInt64(_upTo[^1]));
        if (at < 0)
            return ~at - 1;
        while (_upTo[at + 1] == _upTo[at])
            at++;
        return at;
    }
}
