using CourseRec.Models.Sequential;

namespace CourseRec.Training.Online;

/// <summary>
/// A held-out user's courses, process indices, the last of them the target; and how well the serving model did on it.
/// </summary>
internal sealed class HeldOutExample(ulong user, int[] courses)
{
    public ulong User { get; } = user;

    public int[] Courses { get; } = courses;

    /// <summary>The model of <see cref="Gain"/>.</summary>
    public SequentialModel? JudgedBy { get; set; }

    /// <summary>The target's gain among all courses of that model; NaN if it does not know the target.</summary>
    public double Gain { get; set; }
}

/// <summary>Examples of held-out users: the last ones, and a uniform sample of all.</summary>
internal sealed class HeldOutExamples(Random random)
{
    public const int RecentCapacity = 512;
    public const int OldCapacity = 3_000;

    private readonly Queue<HeldOutExample> _recent = [];
    private readonly List<HeldOutExample> _old = [];
    private long _seen;

    /// <summary>The last ones, oldest first.</summary>
    public IReadOnlyCollection<HeldOutExample> Recent => _recent;

    /// <summary>The uniform sample.</summary>
    public IReadOnlyList<HeldOutExample> Old => _old;

    /// <summary>Examples ever added.</summary>
    public long Seen => _seen;

    public void Add(HeldOutExample example)
    {
        if (_recent.Count == RecentCapacity)
            _recent.Dequeue();
        _recent.Enqueue(example);
        _seen++;
        if (_old.Count < OldCapacity)
            _old.Add(example);
        else if (random.NextInt64(_seen) is var place and < OldCapacity)
            _old[(int)place] = example;
    }

    /// <summary>Drops a user's.</summary>
    public void Forget(ulong user)
    {
        HeldOutExample[] kept = [.. _recent.Where(example => example.User != user)];
        _recent.Clear();
        foreach (var example in kept)
            _recent.Enqueue(example);
        _old.RemoveAll(example => example.User == user);
    }

    /// <summary>Puts back what was saved.</summary>
    public void Restore(IEnumerable<HeldOutExample> recent, IEnumerable<HeldOutExample> old, long seen)
    {
        foreach (var example in recent.TakeLast(RecentCapacity))
            _recent.Enqueue(example);
        _old.AddRange(old.Take(OldCapacity));
        _seen = Math.Max(seen, _old.Count);
    }
}
