namespace CourseRec.Actors.Shards;

/// <summary>The last judged events of all partitions, by contender. Safe for concurrent use.</summary>
internal sealed class JudgeWindow(int size)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<JudgeTotals>> _events = [];
    private readonly Dictionary<string, JudgeTotals> _sums = [];

    public void Add(string contender, JudgeTotals judged)
    {
        lock (_lock)
        {
            if (!_events.TryGetValue(contender, out var events))
                _events[contender] = events = new Queue<JudgeTotals>(size);
            var sum = _sums.GetValueOrDefault(contender) + judged;
            if (events.Count == size)
                sum -= events.Dequeue();
            events.Enqueue(judged);
            _sums[contender] = sum;
        }
    }

    /// <summary>The averages, in the order of the names.</summary>
    public IReadOnlyList<ContenderQuality> Read(IEnumerable<string> contenders)
    {
        lock (_lock)
            return [.. contenders.Select(name => _sums.GetValueOrDefault(name).Average(name))];
    }
}
