namespace CourseRec.Node.Push;

/// <summary>
/// Does something to each of many, so many a second whoever brings them, and faster when there are so many that it
/// would take too long. Safe for concurrent use.
/// </summary>
/// <param name="act">What is done.</param>
/// <param name="perSecond">How many a second.</param>
/// <param name="longest">How long it takes at most.</param>
/// <param name="time">The clock.</param>
internal sealed class SpreadOut<T>(Action<T> act, int perSecond, TimeSpan longest, TimeProvider time)
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);
    private readonly Lock _bringing = new();
    private readonly Queue<T> _waiting = [];
    private int _perSlice;
    private bool _isActing;
    private Task _acting = Task.CompletedTask;

    /// <summary>Completes when all that were brought are done.</summary>
    public Task DoAsync(IEnumerable<T> some, CancellationToken cancel)
    {
        lock (_bringing)
        {
            foreach (var one in some)
                _waiting.Enqueue(one);
            var least = Math.Max(perSecond * Slice.TotalSeconds, _waiting.Count / (longest / Slice));
            _perSlice = Math.Max(_perSlice, (int)Math.Ceiling(least));
            if (!_isActing)
                (_isActing, _acting) = (true, ActAsync(cancel));
            return _acting;
        }
    }

    private async Task ActAsync(CancellationToken cancel)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        for (var some = Take(); some.Length > 0; some = Take())
        {
            foreach (var one in some)
                act(one);
            await Task.Delay(Slice, time, cancel);
        }
    }

    /// <summary>Those whose turn it is. None: the next that are brought begin anew.</summary>
    private T[] Take()
    {
        lock (_bringing)
        {
            var some = new T[Math.Min(_perSlice, _waiting.Count)];
            for (var i = 0; i < some.Length; i++)
                some[i] = _waiting.Dequeue();
            if (some.Length == 0)
                (_isActing, _perSlice) = (false, 0);
            return some;
        }
    }
}
