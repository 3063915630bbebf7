using CourseRec.Actors.Learning;

namespace CourseRec.Training.Online;

/// <summary>
/// Examples on their way from the shards to the trainer. It counts those that wait anywhere before a step, and refuses
/// more than its capacity: the newest are the ones that stay out.
/// </summary>
internal sealed class ExampleQueue(int capacity)
{
    private readonly Lock _lock = new();
    private readonly AutoResetEvent _added = new(false); // never disposed: a shard may still be adding when the trainer has ended
    private List<Example> _waiting = [];
    private List<Example> _drained = [];
    private int _outstanding;

    /// <summary>Is set when something was added to an empty queue.</summary>
    public WaitHandle Added => _added;

    /// <summary>Examples that wait, drained ones that are not <see cref="Done"/> included.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>Adds an example; false when it is full.</summary>
    public bool TryAdd(in Example example)
    {
        bool first;
        lock (_lock)
        {
            if (_outstanding >= capacity)
                return false;
            _outstanding++;
            first = _waiting.Count == 0;
            _waiting.Add(example);
        }
        if (first)
            _added.Set();
        return true;
    }

    /// <summary>Adds a user to forget: an example without courses, which never stays out.</summary>
    public void AddForgotten(ulong user)
    {
        lock (_lock)
        {
            _outstanding++;
            _waiting.Add(new(user, [], 0));
        }
        _added.Set();
    }

    /// <summary>Takes all that were added, in order; the list is the caller's until the next call.</summary>
    public List<Example> Drain()
    {
        _drained.Clear();
        lock (_lock)
            (_waiting, _drained) = (_drained, _waiting);
        return _drained;
    }

    /// <summary>This many drained examples wait no longer.</summary>
    public void Done(int examples)
    {
        lock (_lock)
            _outstanding -= examples;
    }
}
