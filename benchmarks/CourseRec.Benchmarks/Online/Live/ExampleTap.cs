using CourseRec.Actors.Learning;

namespace CourseRec.Benchmarks.Online.Live;

/// <summary>
/// Passes examples on to the trainer, and keeps those of users that it never trains on. Safe for concurrent use.
/// </summary>
internal sealed class ExampleTap(IExampleSink next, Func<ulong, bool> isHeldOut) : IExampleSink
{
    private readonly Lock _lock = new();
    private readonly List<Example> _heldOut = [];

    /// <summary>The held-out users' examples so far that have something to predict from.</summary>
    public IReadOnlyList<Example> HeldOut
    {
        get
        {
            lock (_lock)
                return [.. _heldOut];
        }
    }

    /// <inheritdoc/>
    public void Forget(ulong user) => next.Forget(user);

    /// <inheritdoc/>
    public void Teach(in Example example)
    {
        next.Teach(example);
        if (example.Context.IsEmpty || !isHeldOut(example.User))
            return;
        lock (_lock)
            _heldOut.Add(example);
    }
}
